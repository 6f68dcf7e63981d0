import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits } from './command-line.ts'
import { leavesOf } from './json-lines.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader, type ConfigReading } from './reader.ts'
import { yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const lambda = 'AWS Lambda'
const apiGateway = 'AWS API Gateway'

function readYaml({ file, text }: ConfigFile, rules: readonly PathRule[], more: (leaves: YamlLeaf[], limits: DiagnosedLimit[]) => DiagnosedLimit[] = () => []): ConfigReading {
  const notes: DiagnosisNote[] = []
  const { leaves, problems } = yamlLeaves(text)
  notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
  const limits = limitsByPath(leaves, rules, file, notes)
  return { limits: [...limits, ...more(leaves, limits)], notes }
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
  read: (file) => readYaml(file, serverlessRules, (leaves, limits) => [
    ...(limits.some((limit) => limit.directive === 'timeout') || !leaves.some((leaf) => leaf.path[0] === 'functions') ? [] : [platformDefault(lambda, 'timeout', 6000, '6', 'platform.duration', file.file)]),
    ...(leaves.some((leaf) => leaf.path.includes('http') || leaf.path.includes('httpApi') || leaf.value === 'http') ? [integrationLimit(file.file)] : []),
  ]),
}

const samRules: readonly PathRule[] = [
  { path: /^(?:Globals\.Function|Resources\.[^.]+\.Properties)\.Timeout$/, product: lambda, directive: 'Timeout', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'The function is ended when it passes (3 s by default).' },
  { path: /^(?:Globals\.Function|Resources\.[^.]+\.Properties)\.MemorySize$/, product: lambda, directive: 'MemorySize', layer: 'platform', cause: 'platform.memory', counts: 'size', form: 'size', meaning: 'The function’s memory in MB.' },
  { path: /\.TimeoutInMillis$/, product: apiGateway, directive: 'TimeoutInMillis', layer: 'proxy', cause: 'platform.duration', alsoCauses: ['proxy.read'], counts: 'total', form: 'ms', meaning: 'API Gateway’s integration timeout (29 s by default and at most).' },
  { path: /\.VisibilityTimeout$/, product: 'AWS SQS', layer: 'platform', cause: null, counts: 'other', form: 's', meaning: 'A message comes back when it was not deleted by then.' },
  { path: /LoadBalancerAttributes\[\d+\]\.Value$/, product: 'AWS ALB', directive: 'idle_timeout.timeout_seconds', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 's', meaning: 'Longest silence on either side (60 s by default).' },
  { path: /\.OriginReadTimeout$/, product: 'CloudFront', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 's', meaning: 'For the origin’s answer (30 s by default); GETs are tried three times.' },
]

/** SAM and CloudFormation templates. */
export const samConfig: ConfigReader = {
  id: 'sam', kind: 'SAM or CloudFormation template',
  recognises: ({ text }) => /AWSTemplateFormatVersion|AWS::Serverless/.test(text) && /^[ \t]*"?Resources"?\s*:/m.test(text) ? 0.97 : /^Resources:\s*$/m.test(text) && /Type:\s*["']?AWS::/.test(text) ? 0.93 : 0,
  read: (file) => readYaml({ ...file, text: file.text }, samRules, (leaves, limits) => {
    const functions = leaves.some((leaf) => leaf.path.at(-1) === 'Type' && /AWS::(?:Serverless|Lambda)::Function/.test(String(leaf.value)))
    const api = leaves.some((leaf) => leaf.path.at(-1) === 'Type' && /^(?:Api|HttpApi|AWS::(?:Serverless::(?:Http)?Api|ApiGateway))/.test(String(leaf.value)))
    return [...(functions && !limits.some((limit) => limit.directive === 'Timeout') ? [platformDefault(lambda, 'Timeout', 3000, '3', 'platform.duration', file.file)] : []), ...(api && !limits.some((limit) => limit.directive === 'TimeoutInMillis') ? [integrationLimit(file.file)] : [])]
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
  read: (file) => readYaml(file, appEngineRules, (leaves) => {
    const entry = leaves.find((leaf) => leaf.path[0] === 'entrypoint')
    const automatic = !leaves.some((leaf) => leaf.path[0] === 'basic_scaling' || leaf.path[0] === 'manual_scaling')
    const flexible = leaves.some((leaf) => leaf.path[0] === 'env' && /flex/.test(String(leaf.value)))
    const ms = flexible ? 3_600_000 : automatic ? 600_000 : 86_400_000
    return [...(entry ? commandLimits(String(entry.value), { file: file.file, line: entry.line }) : []), platformDefault('App Engine', 'request timeout', ms, `${ms / 60_000} min`, 'platform.duration', file.file)]
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
    const limits = limitsByPath(yaml, [{ path: /^functionTimeout$/, product: 'Azure Functions', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 'hms', meaning: 'The function is ended when it passes; HTTP answers end at 230 s whatever it says.' }], file, notes)
    const defaults = limits.length > 0 ? [] : [platformDefault('Azure Functions', 'functionTimeout', 300_000, '00:05:00', 'platform.duration', file)]
    return { limits: [...limits, ...defaults, limitOf({ layer: 'platform', product: 'Azure App Service', directive: 'front-end limit', valueMs: 230_000, asWritten: '230 s', file, line: null, meaning: 'HTTP answers end here, whatever functionTimeout says.', cause: 'platform.duration', counts: 'total', isDefault: true })], notes }
  },
}

function platformDefault(product: string, directive: string, ms: number, written: string, cause: 'platform.duration', file: string): DiagnosedLimit {
  return limitOf({ layer: 'platform', product, directive, valueMs: ms, asWritten: written, file, line: null, meaning: 'The platform ends the request when it passes.', cause, counts: 'total', isDefault: true })
}

/** API Gateway's own limit, which is in force whatever the function may take. */
function integrationLimit(file: string): DiagnosedLimit {
  return limitOf({ layer: 'proxy', product: apiGateway, directive: 'TimeoutInMillis', valueMs: 29_000, asWritten: '29000', file, line: null, meaning: 'API Gateway’s integration timeout, in front of the function.', cause: 'platform.duration', alsoCauses: ['proxy.read'], counts: 'total', isDefault: true })
}
