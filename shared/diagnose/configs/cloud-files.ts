import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits } from './command-line.ts'
import { leavesOf } from './json-lines.ts'
import { envLimits } from './env-values.ts'
import { limitsByPath, sibling, type PathRule } from './path-rules.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader, type ConfigReading } from './reader.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const lambda = 'AWS Lambda'
const apiGateway = 'AWS API Gateway'

type More = (leaves: YamlLeaf[], limits: DiagnosedLimit[], notes: DiagnosisNote[]) => DiagnosedLimit[]

function readYaml({ file, text }: ConfigFile, rules: readonly PathRule[], filledIn: (leaves: YamlLeaf[]) => YamlLeaf[], more: More = () => []): ConfigReading {
  const notes: DiagnosisNote[] = []
  const { leaves, problems } = yamlLeaves(text)
  notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
  const known = filledIn(leaves)
  for (const [index, leaf] of known.entries()) if (leaf.value !== leaves[index]?.value && rules.some((rule) => rule.path.test(pathText(leaf.path)))) notes.push(noteOf(file, leaf.line, `${pathText(leaf.path)}: ${leaf.written}: ${String(leaf.value)} unless the deployment says otherwise`))
  const limits = limitsByPath(known, rules, file, notes)
  const extra = more(known, limits, notes)
  const replaced = new Set(extra.filter((limit) => limit.line !== null).map((limit) => `${limit.line} ${limit.directive}`))
  return { limits: [...limits.filter((limit) => !replaced.has(`${limit.line} ${limit.directive}`)), ...extra], notes }
}

/** `!Ref Timeout` of CloudFormation is the parameter's default. */
function parametersOf(leaves: YamlLeaf[]): YamlLeaf[] {
  const defaults = new Map(leaves.filter((leaf) => leaf.path[0] === 'Parameters' && leaf.path[2] === 'Default').map((leaf) => [String(leaf.path[1]), leaf.value]))
  return leaves.map((leaf) => {
    const name = /^!Ref\s+["']?(\w+)/.exec(leaf.written)?.[1] ?? (leaf.path.at(-1) === 'Ref' ? String(leaf.value) : undefined)
    const value = name === undefined ? undefined : defaults.get(name)
    return value === undefined || value === null ? leaf : { ...leaf, value, path: leaf.path.at(-1) === 'Ref' ? leaf.path.slice(0, -1) : leaf.path }
  }).map((leaf) => attributeOf(leaf, leaves))
}

/** `{ Key: idle_timeout.timeout_seconds, Value: '120' }` of a load balancer is a setting of that name. */
function attributeOf(leaf: YamlLeaf, all: readonly YamlLeaf[]): YamlLeaf {
  if (leaf.path.at(-1) !== 'Value' || !/Attributes$/.test(String(leaf.path.at(-3)))) return leaf
  return { ...leaf, path: [...leaf.path.slice(0, -2), String(sibling(leaf, all, ['Key'])?.value)] }
}

/** `${self:custom.timeout}` of the Serverless Framework. */
function selfReferences(leaves: YamlLeaf[]): YamlLeaf[] {
  const byPath = new Map(leaves.map((leaf) => [pathText(leaf.path), leaf.value]))
  return leaves.map((leaf) => {
    const path = typeof leaf.value === 'string' ? /^\$\{self:([\w.-]+)(?:,[^}]*)?\}$/.exec(leaf.value)?.[1] : undefined
    const value = path === undefined ? undefined : byPath.get(path)
    return value === undefined || value === null ? leaf : { ...leaf, value }
  })
}

const serverlessRules: readonly PathRule[] = [
  { path: /^(?:provider|functions\.[^.]+)\.timeout$/, product: lambda, directive: 'timeout', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'The function is ended when it passes (6 s by default in the Serverless Framework). API Gateway in front ends at 29 s whatever it says.' },
  { path: /^(?:provider|functions\.[^.]+)\.memorySize$/, product: lambda, directive: 'memorySize', layer: 'platform', cause: 'platform.memory', counts: 'size', form: 'size', meaning: 'The function’s memory in MB.' },
  { path: /^functions\.[^.]+\.events\[\d+\]\.(?:http|httpApi)\.timeout(?:InMillis)?$/, product: apiGateway, directive: 'timeoutInMillis', layer: 'proxy', cause: 'platform.duration', alsoCauses: ['proxy.read'], counts: 'total', form: 'ms', meaning: 'API Gateway’s integration timeout.' },
]

/** serverless.yml */
export const serverlessConfig: ConfigReader = {
  id: 'serverless', kind: 'serverless.yml',
  recognises: ({ file, text }) => /^provider:\s*$/m.test(text) && /^functions:\s*$/m.test(text) ? 0.97 : /^serverless\.ya?ml$/.test(baseName(file)) && /^(?:provider|functions):/m.test(text) ? 0.9 : 0,
  read: (file) => readYaml(file, [...serverlessRules, ...samRules], selfReferences, (leaves, limits) => {
    const functions = [...new Set(leaves.filter((leaf) => leaf.path[0] === 'functions' && leaf.path.length > 2).map((leaf) => String(leaf.path[1])))]
    const timed = new Set(leaves.filter((leaf) => leaf.path[0] === 'functions' && leaf.path[2] === 'timeout' && leaf.path.length === 3).map((leaf) => leaf.path[1]))
    const without = functions.filter((name) => !timed.has(name))
    const provider = limits.find((limit) => limit.directive === 'timeout' && limit.scope === 'provider')
    return [
      // The provider's is what functions have that do not say it themselves.
      ...(provider && functions.length > 0 ? [{ ...provider, enforced: provider.enforced && without.length > 0, scope: without.length > 0 ? `functions ${without.join(', ')}` : 'provider', meaning: without.length > 0 ? provider.meaning : `${provider.meaning} Every function has its own.` }] : []),
      ...(!provider && without.length > 0 ? [{ ...platformDefault(lambda, 'timeout', 6000, '6', 'platform.duration', file.file), scope: `functions ${without.join(', ')}` }] : []),
      ...(hasOpenEvent(leaves, (leaf) => leaf.path.includes('http') || leaf.path.includes('httpApi') || leaf.value === 'http' || leaf.value === 'httpApi') ? [integrationLimit(file.file)] : []),
    ]
  }),
}

const samRules: readonly PathRule[] = [
  { path: /^(?:Globals\.Function|Resources\.[^.]+\.Properties)\.Timeout$/, product: lambda, directive: 'Timeout', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'The function is ended when it passes (3 s by default).' },
  { path: /^(?:Globals\.Function|Resources\.[^.]+\.Properties)\.MemorySize$/, product: lambda, directive: 'MemorySize', layer: 'platform', cause: 'platform.memory', counts: 'size', form: 'size', meaning: 'The function’s memory in MB.' },
  { path: /\.TimeoutInMillis$/, product: apiGateway, directive: 'TimeoutInMillis', layer: 'proxy', cause: 'platform.duration', alsoCauses: ['proxy.read'], counts: 'total', form: 'ms', meaning: 'API Gateway’s integration timeout (29 s by default and at most).' },
  { path: /\.VisibilityTimeout$/, product: 'AWS SQS', layer: 'platform', cause: null, counts: 'other', form: 's', meaning: 'A message comes back when it was not deleted by then.' },
  { path: /Attributes\.deregistration_delay\.timeout_seconds$/, product: 'AWS ALB', directive: 'deregistration_delay.timeout_seconds', layer: 'proxy', cause: 'proxy.stopped', counts: 'stop', form: 's', meaning: 'After a target is removed, what still runs is ended when it passes (300 s by default).' },
  { path: /\.HealthCheckTimeoutSeconds$/, product: 'AWS ALB', directive: 'HealthCheckTimeoutSeconds', layer: 'proxy', cause: null, alsoCauses: ['proxy.backend_down'], counts: 'check', form: 's', meaning: 'For a health check to be answered (5 s by default).' },
  { path: /\.Origins\[\d+\]\.ConnectionTimeout$/, product: 'CloudFront', directive: 'ConnectionTimeout', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 's', meaning: 'For connecting to the origin (10 s by default), tried ConnectionAttempts times.', attempts: (leaf, all) => Number(sibling(leaf, all, ['ConnectionAttempts'])?.value ?? 3) },
  { path: /\.OriginKeepaliveTimeout$/, product: 'CloudFront', directive: 'OriginKeepaliveTimeout', layer: 'proxy', cause: null, counts: 'idle', form: 's', meaning: 'How long an idle connection to the origin is kept for reuse (5 s by default).' },
  { path: /\.ContainerDefinitions\[\d+\]\.StopTimeout$/, product: 'AWS ECS', directive: 'StopTimeout', layer: 'platform', cause: 'gateway.stopped', counts: 'stop', form: 's', meaning: 'After SIGTERM, SIGKILL when it passes (30 s by default).' },
  { path: /\.ContainerDefinitions\[\d+\]\.Memory$/, product: 'AWS ECS', directive: 'Memory', layer: 'os', cause: 'os.oom_kill', counts: 'size', form: 'size', meaning: 'The container’s memory in MB.' },
  { path: /\.Definition\..*TimeoutSeconds$/, product: 'AWS Step Functions', directive: 'TimeoutSeconds', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'The step or execution fails when it passes.' },
  { path: /Attributes\.idle_timeout\.timeout_seconds$/, product: 'AWS ALB', directive: 'idle_timeout.timeout_seconds', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 's', meaning: 'Longest silence on either side (60 s by default).' },
  { path: /\.OriginReadTimeout$/, product: 'CloudFront', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 's', meaning: 'For the origin’s answer (30 s by default); GETs are tried three times.' },
]

/** SAM and CloudFormation templates. */
export const samConfig: ConfigReader = {
  id: 'sam', kind: 'SAM or CloudFormation template',
  recognises: ({ text }) => /AWSTemplateFormatVersion|AWS::Serverless/.test(text) && /^[ \t]*"?Resources"?\s*:/m.test(text) ? 0.97 : /^Resources:\s*$/m.test(text) && /Type:\s*["']?AWS::/.test(text) ? 0.93 : 0,
  read: (file) => readYaml(file, samRules, parametersOf, (leaves, limits) => {
    const functions = leaves.filter((leaf) => leaf.path.at(-1) === 'Type' && leaf.path.length === 3 && /AWS::(?:Serverless|Lambda)::Function/.test(String(leaf.value))).map((leaf) => ({ name: String(leaf.path[1]), serverless: /Serverless/.test(String(leaf.value)) }))
    const timed = new Set(leaves.filter((leaf) => leaf.path[0] === 'Resources' && leaf.path[2] === 'Properties' && leaf.path[3] === 'Timeout').map((leaf) => leaf.path[1]))
    const has = (name: string) => timed.has(name)
    const globals = limits.find((limit) => limit.directive === 'Timeout' && limit.scope === 'Globals.Function')
    const inheriting = functions.filter((one) => one.serverless && !has(one.name)).map((one) => one.name)
    const bare = functions.filter((one) => !has(one.name) && !(one.serverless && globals)).map((one) => one.name)
    const api = leaves.some((leaf) => leaf.path.at(-1) === 'Type' && /^(?:Api|HttpApi|AWS::(?:Serverless::(?:Http)?Api|ApiGateway))/.test(String(leaf.value)))
    return [
      ...(globals ? [{ ...globals, enforced: globals.enforced && inheriting.length > 0, scope: inheriting.length > 0 ? `Resources ${inheriting.join(', ')}` : 'Globals.Function', meaning: inheriting.length > 0 ? globals.meaning : `${globals.meaning} Every function has its own.` }] : []),
      ...(bare.length > 0 ? [{ ...platformDefault(lambda, 'Timeout', 3000, '3', 'platform.duration', file.file), scope: `Resources ${bare.join(', ')}` }] : []),
      ...((api && !limits.some((limit) => limit.directive === 'TimeoutInMillis')) || hasOpenEvent(leaves, (leaf) => leaf.path.at(-1) === 'Type' && /^(?:Http)?Api$/.test(String(leaf.value))) ? [integrationLimit(file.file)] : []),
    ]
  }),
}

const appEngineRules: readonly PathRule[] = [
  { path: /readiness_check\.timeout_sec$|liveness_check\.timeout_sec$/, product: 'App Engine', layer: 'platform', cause: null, alsoCauses: ['gateway.stopped'], counts: 'check', form: 's', meaning: 'For a health check to be answered.' },
  { path: /readiness_check\.app_start_timeout_sec$/, product: 'App Engine', layer: 'platform', cause: 'proxy.refused', counts: 'stop', form: 's', meaning: 'The app must have started.' },
]

/** App Engine’s app.yaml. */
export const appEngineConfig: ConfigReader = {
  id: 'app-engine', kind: 'app.yaml',
  recognises: ({ text }) => /^runtime:\s*\S+/m.test(text) && /^(?:env|entrypoint|instance_class|service|handlers|automatic_scaling|basic_scaling|manual_scaling|resources):/m.test(text) ? 0.92 : 0,
  read: (file) => readYaml(file, appEngineRules, (leaves) => leaves, (leaves, _limits, notes) => {
    const entry = leaves.find((leaf) => leaf.path[0] === 'entrypoint')
    const automatic = !leaves.some((leaf) => leaf.path[0] === 'basic_scaling' || leaf.path[0] === 'manual_scaling')
    const flexible = leaves.some((leaf) => leaf.path[0] === 'env' && /flex/.test(String(leaf.value)))
    const ms = flexible ? 3_600_000 : automatic ? 600_000 : 86_400_000
    return [...leaves.filter((leaf) => leaf.path[0] === 'env_variables' && leaf.path.length === 2 && leaf.value !== null).flatMap((leaf) => envLimits(String(leaf.path[1]), String(leaf.value), { file: file.file, line: leaf.line, notes })), ...(entry ? commandLimits(String(entry.value), { file: file.file, line: entry.line, notes }) : []), platformDefault('App Engine', 'request timeout', ms, `${ms / 60_000} min`, 'platform.duration', file.file)]
  }),
}

/** Azure Functions’ host.json. */
export const azureHostConfig: ConfigReader = {
  id: 'azure-host', kind: 'host.json',
  recognises: ({ file, text }) => /^\s*\{/.test(text) && /"functionTimeout"|"extensionBundle"|"extensions"\s*:\s*\{\s*"http"/.test(text) ? 0.95 : /^host\.json$/.test(baseName(file)) ? 0.8 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = leavesOf(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    const yaml: YamlLeaf[] = leaves.map((leaf) => ({ document: 0, path: leaf.path, value: typeof leaf.value === 'string' || typeof leaf.value === 'number' || typeof leaf.value === 'boolean' ? leaf.value : null, line: leaf.line, written: String(leaf.value) }))
    const limits = limitsByPath(yaml, [{ path: /^functionTimeout$/, product: 'Azure Functions', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 'hms', off: /^-1$/, meaning: 'The function is ended when it passes; HTTP answers end at 230 s whatever it says.' }], file, notes)
    const defaults = limits.length > 0 ? [] : [platformDefault('Azure Functions', 'functionTimeout', 300_000, '00:05:00', 'platform.duration', file)]
    return { limits: [...limits, ...defaults, limitOf({ layer: 'platform', product: 'Azure App Service', directive: 'front-end limit', valueMs: 230_000, asWritten: '230 s', file, line: null, meaning: 'HTTP answers end here, whatever functionTimeout says.', cause: 'platform.duration', counts: 'total', isDefault: true })], notes }
  },
}

function platformDefault(product: string, directive: string, ms: number, written: string, cause: 'platform.duration', file: string): DiagnosedLimit {
  return limitOf({ layer: 'platform', product, directive, valueMs: ms, asWritten: written, file, line: null, meaning: 'The platform ends the request when it passes.', cause, counts: 'total', isDefault: true })
}

/** Is there an HTTP event of a function without an integration timeout of its own? */
function hasOpenEvent(leaves: readonly YamlLeaf[], isHttp: (leaf: YamlLeaf) => boolean): boolean {
  const events = new Map<string, { http: boolean; timed: boolean }>()
  for (const leaf of leaves) {
    const at = leaf.path.findIndex((part) => part === 'events' || part === 'Events')
    if (at < 0) continue
    const key = pathText(leaf.path.slice(0, at + 2))
    const event = events.get(key) ?? { http: false, timed: false }
    events.set(key, { http: event.http || isHttp(leaf), timed: event.timed || /^timeout(?:InMillis)?$/i.test(String(leaf.path.at(-1))) })
  }
  return [...events.values()].some((event) => event.http && !event.timed)
}

/** API Gateway's own limit, which is in force whatever the function may take. */
function integrationLimit(file: string): DiagnosedLimit {
  return limitOf({ layer: 'proxy', product: apiGateway, directive: 'TimeoutInMillis', valueMs: 29_000, asWritten: '29000', file, line: null, meaning: 'API Gateway’s integration timeout, in front of the function.', cause: 'platform.duration', alsoCauses: ['proxy.read'], counts: 'total', isDefault: true })
}
