import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { limitsByPath, triesBeside, type PathRule } from './path-rules.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const product = 'Envoy'

/** Envoy's own configuration; source: its API reference, with the defaults that surprise. */
export const envoyRules: readonly PathRule[] = [
  { path: /route\.timeout$/, product, directive: 'route.timeout', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 'proto', meaning: 'For the whole answer of this route (15 s by default, 0 is none).' },
  { path: /route\.idle_timeout$/, product, directive: 'route.idle_timeout', layer: 'proxy', cause: 'proxy.idle', counts: 'wait', form: 'proto', meaning: 'Longest silence of a stream on this route.' },
  { path: /retry_policy\.per_try_timeout$/, product, directive: 'per_try_timeout', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'proto', meaning: 'For one try.', attempts: triesBeside(['num_retries']) },
  { path: /retry_policy\.per_try_idle_timeout$/, product, directive: 'per_try_idle_timeout', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'proto', meaning: 'Longest silence within one try.', attempts: triesBeside(['num_retries']) },
  { path: /transport_socket_connect_timeout$/, product, layer: 'proxy', cause: 'proxy.client_header', counts: 'request', form: 'proto', meaning: 'For the TLS handshake with the client.' },
  { path: /delayed_close_timeout$/, product, layer: 'proxy', cause: null, counts: 'stop', form: 'proto', meaning: 'How long a connection that is to be closed is kept for the client to read (1 s by default).' },
  { path: /max_stream_duration(?:\.max_stream_duration)?$/, product, directive: 'max_stream_duration', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 'proto', meaning: 'Longest life of a stream.' },
  { path: /stream_idle_timeout$/, product, layer: 'proxy', cause: 'proxy.idle', counts: 'wait', form: 'proto', meaning: 'Longest silence of a stream (5 min by default).' },
  { path: /request_headers_timeout$/, product, layer: 'proxy', cause: 'proxy.client_header', counts: 'request', form: 'proto', meaning: 'The request header must have arrived.' },
  { path: /request_timeout$/, product, layer: 'proxy', cause: 'proxy.client_body', counts: 'request', form: 'proto', meaning: 'The whole request must have arrived.' },
  { path: /(?:^|\.)clusters\[\d+\]\..*common_http_protocol_options\.idle_timeout$/, product, directive: 'cluster idle_timeout', layer: 'proxy', cause: null, counts: 'idle', form: 'proto', meaning: 'How long an idle connection to a host of the cluster is kept for reuse (1 h by default).' },
  { path: /common_http_protocol_options\.idle_timeout$/, product, directive: 'idle_timeout', layer: 'proxy', cause: 'proxy.idle', counts: 'idle', form: 'proto', meaning: 'How long an idle connection stays open (1 h by default).' },
  { path: /max_connection_duration$/, product, layer: 'proxy', cause: 'proxy.idle', counts: 'total', form: 'proto', meaning: 'Longest life of a connection.' },
  { path: /drain_timeout$/, product, layer: 'proxy', cause: 'proxy.stopped', counts: 'stop', form: 'proto', meaning: 'When a connection is drained, what still runs is ended when it passes.' },
  { path: /clusters\[\d+\]\.connect_timeout$|(?:^|\.)connect_timeout$/, product, directive: 'connect_timeout', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 'proto', meaning: 'For connecting to a host of the cluster (5 s by default).' },
  { path: /tcp_proxy.*idle_timeout$|(?:^|\.)idle_timeout$/, product, directive: 'idle_timeout', layer: 'proxy', cause: 'proxy.idle', counts: 'wait', form: 'proto', meaning: 'Longest silence of a proxied connection (1 h by default).' },
  { path: /health_checks\[\d+\]\.timeout$/, product, directive: 'health_checks.timeout', layer: 'proxy', cause: null, alsoCauses: ['proxy.backend_down'], counts: 'check', form: 'proto', meaning: 'For a health check to be answered.' },
]

/** Envoy bootstrap and xDS fragments, YAML or JSON. */
export const envoyConfig: ConfigReader = {
  id: 'envoy', kind: 'Envoy configuration',
  recognises: ({ text }) => /\bstatic_resources:|"static_resources"|envoy\.filters\.|type\.googleapis\.com\/envoy|\bvirtual_hosts:/.test(text) ? 0.96 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    return { limits: [...limitsByPath(leaves, envoyRules, file, notes), ...routeDefaults(leaves, file), ...clusterDefaults(leaves, file)], notes }
  },
}

/** A route without a timeout has 15 s, which surprises. */
function routeDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const routes = new Map<string, { has: boolean; path: string }>()
  for (const leaf of leaves) {
    const at = leaf.path.lastIndexOf('route')
    if (at < 1 || typeof leaf.path[at - 1] !== 'number' || leaf.path[at - 2] !== 'routes') continue
    const path = pathText(leaf.path.slice(0, at + 1))
    const route = routes.get(`${leaf.document} ${path}`) ?? { has: false, path }
    if (leaf.path[at + 1] === 'timeout') route.has = true
    routes.set(`${leaf.document} ${path}`, route)
  }
  return [...routes.values()].filter((route) => !route.has).slice(0, 1).map((route) => limitOf({ layer: 'proxy', product, directive: 'route.timeout', valueMs: 15_000, asWritten: '15s', file, line: null, meaning: 'For the whole answer of this route.', cause: 'proxy.read', counts: 'total', scope: route.path, isDefault: true }))
}

function clusterDefaults(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  const clusters = new Map<number, boolean>()
  for (const leaf of leaves) {
    const at = leaf.path.indexOf('clusters')
    const index = leaf.path[at + 1]
    if (at >= 0 && typeof index === 'number') clusters.set(index, (clusters.get(index) ?? false) || leaf.path[at + 2] === 'connect_timeout')
  }
  return [...clusters.values()].includes(false) ? [limitOf({ layer: 'proxy', product, directive: 'connect_timeout', valueMs: 5000, asWritten: '5s', file, line: null, meaning: 'For connecting to a host of the cluster.', cause: 'proxy.connect', counts: 'connect', isDefault: true })] : []
}
