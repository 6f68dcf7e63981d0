import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, jsonOrWords } from './command-line.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const k = 'Kubernetes'
const nginx = 'nginx'
const annotation = (name: string) => new RegExp(String.raw`annotations\.nginx\.ingress\.kubernetes\.io/${name}$`)

/** Kubernetes objects, ingress annotations of the common controllers, Istio and Gateway API objects; values as their references define them. */
const rules: readonly PathRule[] = [
  { path: /\.resources\.limits\.memory$/, product: k, directive: 'resources.limits.memory', layer: 'os', cause: 'os.oom_kill', counts: 'size', form: 'size', meaning: 'The container’s memory limit: SIGKILL (exit 137, OOMKilled) above it.' },
  { path: /\.resources\.limits\.cpu$/, product: k, directive: 'resources.limits.cpu', layer: 'os', cause: null, counts: 'other', form: 'size', meaning: 'CPU quota: throttles, and cuts nothing by itself.' },
  { path: /terminationGracePeriodSeconds$/, product: k, layer: 'platform', cause: 'gateway.stopped', counts: 'stop', form: 's', meaning: 'After SIGTERM, SIGKILL when it passes (30 s by default).' },
  { path: /activeDeadlineSeconds$/, product: k, layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'The job or pod is ended when it has run this long.' },
  { path: /progressDeadlineSeconds$/, product: k, layer: 'platform', cause: null, counts: 'other', form: 's', meaning: 'A rollout counts as failed after it.' },
  { path: /(liveness|readiness|startup)Probe\.timeoutSeconds$/, product: k, layer: 'platform', cause: null, alsoCauses: ['gateway.stopped', 'proxy.backend_down'], counts: 'check', form: 's', meaning: 'For a probe to be answered (1 s by default); a busy single-threaded worker fails it.' },
  { path: /(liveness|readiness|startup)Probe\.periodSeconds$/, product: k, layer: 'platform', cause: null, counts: 'check', form: 's', meaning: 'Between two probes; failureThreshold failures in a row restart the container or take it out of service.' },
  { path: annotation('proxy-read-timeout'), product: nginx, directive: 'proxy-read-timeout', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 's', meaning: 'Between two reads from the upstream (60 s by default).' },
  { path: annotation('proxy-send-timeout'), product: nginx, directive: 'proxy-send-timeout', layer: 'proxy', cause: 'proxy.send', counts: 'write', form: 's', meaning: 'Between two writes of the request to the upstream.' },
  { path: annotation('proxy-connect-timeout'), product: nginx, directive: 'proxy-connect-timeout', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 's', meaning: 'For connecting to the upstream (5 s by default).' },
  { path: annotation('proxy-next-upstream-timeout'), product: nginx, directive: 'proxy-next-upstream-timeout', layer: 'proxy', cause: null, counts: 'total', form: 's', meaning: 'For passing a request on to the next upstream.' },
  { path: annotation('proxy-body-size'), product: nginx, directive: 'proxy-body-size', layer: 'proxy', cause: 'proxy.rejected', counts: 'size', form: 'size', meaning: 'Largest request body.' },
  { path: /annotations\.haproxy(?:-ingress\.github|\.org|\.com)?[\w.-]*\/timeout-server$/, product: 'HAProxy', directive: 'timeout-server', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'systemd', meaning: 'The server’s longest silence.' },
  { path: /annotations\.haproxy[\w.-]*\/timeout-connect$/, product: 'HAProxy', directive: 'timeout-connect', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 'systemd', meaning: 'For connecting to a server.' },
  { path: /annotations\.haproxy[\w.-]*\/timeout-client$/, product: 'HAProxy', directive: 'timeout-client', layer: 'proxy', cause: 'proxy.client_write', alsoCauses: ['proxy.client_body', 'proxy.idle'], counts: 'idle', form: 'systemd', meaning: 'The client’s longest silence.' },
  { path: /annotations\.alb\.ingress\.kubernetes\.io\/load-balancer-attributes$/, product: 'AWS ALB', directive: 'idle_timeout.timeout_seconds', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 's', meaning: 'Longest silence on either side (60 s by default).' },
  { path: /annotations\.service\.beta\.kubernetes\.io\/aws-load-balancer-connection-idle-timeout$/, product: 'AWS ELB', directive: 'connection-idle-timeout', layer: 'network', cause: 'network.idle_drop', counts: 'idle', form: 's', meaning: 'An idle connection is dropped when it passes.' },
  { path: /annotations\.service\.beta\.kubernetes\.io\/azure-load-balancer-tcp-idle-timeout$/, product: 'Azure Load Balancer', directive: 'tcp-idle-timeout', layer: 'network', cause: 'network.idle_drop', counts: 'idle', form: 's', meaning: 'In minutes: an idle connection is dropped when it passes.' },
  { path: /spec\.timeoutSec$/, product: 'Google Cloud Load Balancing', directive: 'timeoutSec', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 's', meaning: 'The backend must have answered (30 s by default).' },
  { path: /connectionDraining\.drainingTimeoutSec$/, product: 'Google Cloud Load Balancing', directive: 'drainingTimeoutSec', layer: 'proxy', cause: 'proxy.stopped', counts: 'stop', form: 's', meaning: 'After a backend is removed, what still runs is ended when it passes.' },
  { path: /spec\.(?:template\.spec\.)?timeoutSeconds$/, product: 'Cloud Run', directive: 'timeoutSeconds', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'Knative and Cloud Run end a request when it passes (300 s by default).' },
  { path: /rules\[\d+\]\.timeouts\.request$/, product: 'Gateway API', directive: 'timeouts.request', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 'go', meaning: 'For the whole request.' },
  { path: /rules\[\d+\]\.timeouts\.backendRequest$/, product: 'Gateway API', directive: 'timeouts.backendRequest', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'go', meaning: 'For one try at the backend.' },
  { path: /http\[\d+\]\.timeout$/, product: 'Envoy', directive: 'timeout', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 'proto', meaning: 'Istio: for the whole answer of this route (off by default).' },
  { path: /http\[\d+\]\.retries\.perTryTimeout$/, product: 'Envoy', directive: 'perTryTimeout', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'proto', meaning: 'Istio: for one try.' },
  { path: /http\[\d+\]\.fault\.delay\.fixedDelay$/, product: 'Envoy', directive: 'fault.delay.fixedDelay', layer: 'proxy', cause: null, counts: 'other', form: 'proto', meaning: 'Istio: an injected delay.' },
  { path: /connectionPool\.tcp\.connectTimeout$/, product: 'Envoy', directive: 'connectTimeout', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 'proto', meaning: 'Istio: for connecting to a host (10 s by default).' },
  { path: /connectionPool\.http\.idleTimeout$/, product: 'Envoy', directive: 'idleTimeout', layer: 'proxy', cause: 'proxy.idle', counts: 'idle', form: 'proto', meaning: 'Istio: how long an idle upstream connection stays open.' },
]

/** Kubernetes manifests (several documents), with the commands their containers run. */
export const kubernetesConfig: ConfigReader = {
  id: 'kubernetes', kind: 'Kubernetes manifest',
  recognises: ({ text }) => /^apiVersion:\s*\S+/m.test(text) && /^kind:\s*\w+/m.test(text) ? 0.97 : /^[ \t]*"apiVersion"\s*:/m.test(text) && /"kind"\s*:/.test(text) ? 0.9 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    const limits = limitsByPath(leaves.map(albSeconds), rules, file, notes).map(corrected)
    return { limits: [...limits, ...commands(leaves, file), ...graceDefaults(leaves, file), ...probeDefaults(leaves, file)], notes }
  },
}

/** `idle_timeout.timeout_seconds=600,...`: the attribute of interest out of a list. */
function albSeconds(leaf: YamlLeaf): YamlLeaf {
  if (leaf.path.at(-1) !== 'alb.ingress.kubernetes.io/load-balancer-attributes' || typeof leaf.value !== 'string') return leaf
  const seconds = /idle_timeout\.timeout_seconds=(\d+)/.exec(leaf.value)?.[1]
  return seconds ? { ...leaf, value: Number(seconds) } : { ...leaf, value: null }
}

function corrected(limit: DiagnosedLimit): DiagnosedLimit {
  return limit.directive === 'tcp-idle-timeout' && limit.valueMs !== null ? { ...limit, valueMs: limit.valueMs * 60 } : limit
}

/** The command a container runs, from `command` and `args`. */
function commands(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const words = new Map<string, { words: string[]; line: number }>()
  for (const leaf of leaves) {
    const at = leaf.path.findLastIndex((part) => part === 'command' || part === 'args')
    if (at < 0 || leaf.path.length !== at + 2 || leaf.path.includes('exec')) continue
    const key = `${leaf.document}:${leaf.path.slice(0, at).join('.')}`
    const entry = words.get(key) ?? { words: [], line: leaf.line }
    entry.words.push(String(leaf.value))
    words.set(key, entry)
  }
  return [...words.values()].flatMap((entry) => commandLimits(jsonOrWords(entry.words), { file, line: entry.line }))
}

function graceDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const containers = leaves.find((leaf) => leaf.path.includes('containers'))
  if (!containers || leaves.some((leaf) => leaf.path.at(-1) === 'terminationGracePeriodSeconds')) return []
  return [limitOf({ layer: 'platform', product: k, directive: 'terminationGracePeriodSeconds', valueMs: 30_000, asWritten: '30', file, line: null, meaning: 'After SIGTERM, SIGKILL when it passes.', cause: 'gateway.stopped', counts: 'stop', isDefault: true })]
}

function probeDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const probes = new Map<string, { name: string; line: number; has: boolean }>()
  for (const leaf of leaves) {
    const at = leaf.path.findIndex((part) => typeof part === 'string' && /^(?:liveness|readiness|startup)Probe$/.test(part))
    if (at < 0) continue
    const key = `${leaf.document}:${leaf.path.slice(0, at + 1).join('.')}`
    const entry = probes.get(key) ?? { name: String(leaf.path[at]), line: leaf.line, has: false }
    if (leaf.path.at(-1) === 'timeoutSeconds') entry.has = true
    probes.set(key, entry)
  }
  return [...probes.values()].filter((probe) => !probe.has).map((probe) => limitOf({ layer: 'platform', product: k, directive: `${probe.name}.timeoutSeconds`, valueMs: 1000, asWritten: '1', file, line: null, meaning: 'For a probe to be answered; a busy single-threaded worker fails it.', cause: null, alsoCauses: ['gateway.stopped'], counts: 'check', isDefault: true }))
}
