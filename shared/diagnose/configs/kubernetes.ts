import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, jsonOrWords } from './command-line.ts'
import { envoyRules } from './envoy.ts'
import { filledNotes, filledTemplate } from './helm-values.ts'
import { containerVariables, environmentLimits, withContainerVariables } from './kubernetes-env.ts'
import { k, kubernetesRules } from './kubernetes-rules.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { limitOf, noteOf, type ConfigReader, type EmbeddedFile } from './reader.ts'
import { traefikFlags } from './traefik.ts'
import type { Variable } from './variables.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

/** An EnvoyFilter patches Envoy's own configuration in. */
const patched: readonly PathRule[] = envoyRules.map((rule) => ({ ...rule, path: new RegExp(`configPatches\\[\\d+\\]\\.patch\\.value\\..*(?:${rule.path.source})`) }))
const rules: readonly PathRule[] = [...kubernetesRules, ...patched]

/** Kubernetes manifests (several documents): probes, limits, ingress annotations, ConfigMaps with files in them, and the commands and variables of their containers. */
export const kubernetesConfig: ConfigReader = {
  id: 'kubernetes', kind: 'Kubernetes manifest',
  recognises: ({ text }) => /^apiVersion:\s*\S+/m.test(text) && /^kind:\s*\w+/m.test(text) ? 0.97 : /^[ \t]*"apiVersion"\s*:/m.test(text) && /"kind"\s*:/.test(text) ? 0.9 : 0,
  read: (whole, others) => {
    const { file } = whole
    const notes: DiagnosisNote[] = []
    const { text, filled } = filledTemplate(whole, others.filter((other) => other.file !== file))
    const { leaves, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    const limits = limitsByPath(leaves.map(attributeSeconds), rules, file, notes).map(corrected)
    const rest = others.filter((other) => other.file !== file)
    const variables = containerVariables(leaves, whole, rest, notes)
    const all = [...limits, ...commands(leaves, file, variables, notes), ...environmentLimits(variables, whole, rest, notes), ...graceDefaults(leaves, file), ...probeDefaults(leaves, file), ...requestDefaults(leaves, file)]
    return { limits: withOwners(all, leaves, file), notes: [...notes, ...filledNotes(file, filled, new Set(all.map((limit) => limit.line)))], embedded: embeddedIn(leaves) }
  },
}

/** `idle_timeout.timeout_seconds=600,...`: the attribute of interest out of a list. */
function attributeSeconds(leaf: YamlLeaf): YamlLeaf {
  const wanted = { 'alb.ingress.kubernetes.io/load-balancer-attributes': /idle_timeout\.timeout_seconds=(\d+)/, 'alb.ingress.kubernetes.io/target-group-attributes': /deregistration_delay\.timeout_seconds=(\d+)/ }[String(leaf.path.at(-1))]
  if (!wanted || typeof leaf.value !== 'string') return leaf
  const seconds = wanted.exec(leaf.value)?.[1]
  return { ...leaf, value: seconds ? Number(seconds) : null }
}

function corrected(limit: DiagnosedLimit): DiagnosedLimit {
  return limit.directive === 'tcp-idle-timeout' && limit.valueMs !== null ? { ...limit, valueMs: limit.valueMs * 60 } : limit
}

/** Whose setting it is: `Deployment api` in front of its path. */
function withOwners(limits: readonly DiagnosedLimit[], leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const owners = new Map<number, { line: number; kind: string; name: string }>()
  for (const leaf of leaves) {
    const owner = owners.get(leaf.document) ?? { line: leaf.line, kind: '', name: '' }
    if (leaf.path.length === 1 && leaf.path[0] === 'kind') owner.kind = String(leaf.value)
    if (leaf.path.length === 2 && leaf.path[0] === 'metadata' && leaf.path[1] === 'name') owner.name = String(leaf.value)
    owners.set(leaf.document, { ...owner, line: Math.min(owner.line, leaf.line) })
  }
  const list = [...owners.values()]
  return limits.map((limit) => {
    const owner = limit.line === null || limit.file !== file ? undefined : lastFrom(list, limit.line)
    return owner && owner.kind !== '' ? { ...limit, scope: [`${owner.kind} ${owner.name}`.trim(), limit.scope].filter((part) => part !== null && part !== '').join(', ') } : limit
  })
}

/** The last of a list ordered by line that begins at or before a line; halved again and again, as files may hold thousands. */
function lastFrom<T extends { line: number }>(list: readonly T[], line: number): T | undefined {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.line ?? 0) <= line) low = middle + 1
    else high = middle
  }
  return list[low - 1]
}

const wholeFiles = /^(?:server|configuration|location|stream|http|main)-snippets?$/

/** Files that a ConfigMap holds, and snippets of nginx in annotations. */
function embeddedIn(leaves: readonly YamlLeaf[]): EmbeddedFile[] {
  return leaves.flatMap((leaf): EmbeddedFile[] => {
    if (typeof leaf.value !== 'string') return []
    const name = String(leaf.path.at(-1))
    const block = /^[|>]/.test(leaf.written) || leaf.value.includes('\n')
    const line = leaf.line + (block ? 1 : 0)
    // What a snippet sets holds for the hosts it is written for: it is read as part of a location of theirs.
    if (wholeFiles.test(name.replace(/^nginx\.(?:ingress\.kubernetes\.io|org)\//, ''))) return [{ name, text: `location / { proxy_pass http://ingress; ${leaf.value}\n}`, line, reader: 'nginx' }]
    return leaf.path[0] === 'data' && leaf.path.length === 2 && block ? [{ name, text: leaf.value, line }] : []
  })
}

/** The command a container runs, from `command` and `args`. */
function commands(leaves: readonly YamlLeaf[], file: string, variables: ReadonlyMap<string, readonly Variable[]>, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const words = new Map<string, { words: string[]; line: number; scope: string }>()
  const flags: DiagnosedLimit[] = []
  for (const leaf of leaves) {
    const at = leaf.path.findLastIndex((part) => part === 'command' || part === 'args')
    if (at < 0 || leaf.path.length !== at + 2 || leaf.path.includes('exec')) continue
    const scope = pathText(leaf.path.slice(0, at))
    const entry = words.get(`${leaf.document}:${scope}`) ?? { words: [], line: leaf.line, scope }
    entry.words.push(withContainerVariables(String(leaf.value), variables.get(`${leaf.document} ${scope}`) ?? []))
    words.set(`${leaf.document}:${scope}`, entry)
    flags.push(...traefikFlags(String(leaf.value), file, leaf.line, scope))
  }
  return [...[...words.values()].flatMap((entry) => commandLimits(jsonOrWords(entry.words), { file, line: entry.line, scope: entry.scope, notes })), ...flags]
}

/** Pods without a grace period of their own have 30 s; Knative and Cloud Run have other rules. */
function graceDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const pods = new Map<string, { path: string; has: boolean }>()
  const others = new Set(leaves.filter((leaf) => leaf.path.length === 1 && leaf.path[0] === 'apiVersion' && /knative/.test(String(leaf.value))).map((leaf) => leaf.document))
  for (const leaf of leaves) {
    const at = leaf.path.findIndex((part) => part === 'containers' || part === 'terminationGracePeriodSeconds')
    if (at < 1 || others.has(leaf.document) || leaf.path.some((part) => typeof part === 'string' && /Probe$/.test(part))) continue
    const path = pathText(leaf.path.slice(0, at))
    const pod = pods.get(`${leaf.document}:${path}`) ?? { path, has: false }
    if (leaf.path[at] === 'terminationGracePeriodSeconds') pod.has = true
    pods.set(`${leaf.document}:${path}`, pod)
  }
  return [...pods.values()].filter((pod) => !pod.has).slice(0, 1).map((pod) => limitOf({ layer: 'platform', product: k, directive: 'terminationGracePeriodSeconds', valueMs: 30_000, asWritten: '30', file, line: null, meaning: 'After SIGTERM, SIGKILL when it passes.', cause: 'gateway.stopped', counts: 'stop', scope: pod.path, isDefault: true }))
}

function probeDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const probes = new Map<string, { name: string; scope: string; has: boolean }>()
  for (const leaf of leaves) {
    const at = leaf.path.findIndex((part) => typeof part === 'string' && /^(?:liveness|readiness|startup)Probe$/.test(part))
    if (at < 0) continue
    const key = `${leaf.document}:${leaf.path.slice(0, at + 1).join('.')}`
    const entry = probes.get(key) ?? { name: String(leaf.path[at]), scope: pathText(leaf.path.slice(0, at)), has: false }
    if (leaf.path.at(-1) === 'timeoutSeconds') entry.has = true
    probes.set(key, entry)
  }
  return [...probes.values()].filter((probe) => !probe.has).map((probe) => limitOf({ layer: 'platform', product: k, directive: `${probe.name}.timeoutSeconds`, valueMs: 1000, asWritten: '1', file, line: null, meaning: 'For a probe to be answered; a busy single-threaded worker fails it.', cause: null, alsoCauses: ['gateway.stopped'], counts: 'check', scope: probe.scope, isDefault: true }))
}

/** Cloud Run and Knative end a request after 300 s where nobody says otherwise. */
function requestDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const services = leaves.filter((leaf) => leaf.path.length === 1 && leaf.path[0] === 'apiVersion' && /^serving\.knative\.dev/.test(String(leaf.value)))
  const timed = new Set(leaves.filter((leaf) => leaf.path.at(-1) === 'timeoutSeconds' && !leaf.path.some((part) => typeof part === 'string' && /Probe$/.test(part))).map((leaf) => leaf.document))
  const without = services.find((service) => !timed.has(service.document))
  return without ? [limitOf({ layer: 'platform', product: 'Cloud Run', directive: 'timeoutSeconds', valueMs: 300_000, asWritten: '300', file, line: null, meaning: 'Knative and Cloud Run end a request when it passes.', cause: 'platform.duration', counts: 'total', isDefault: true })] : []
}
