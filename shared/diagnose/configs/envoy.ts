import type { DiagnosisNote } from '../diagnosis.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { noteOf, type ConfigReader } from './reader.ts'
import { yamlLeaves } from './yaml-lines.ts'

const product = 'Envoy'

/** Envoy's own configuration; source: its API reference, with the defaults that surprise. */
const rules: readonly PathRule[] = [
  { path: /route\.timeout$/, product, directive: 'route.timeout', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 'proto', meaning: 'For the whole answer of this route (15 s by default, 0 is none).' },
  { path: /route\.idle_timeout$/, product, directive: 'route.idle_timeout', layer: 'proxy', cause: 'proxy.idle', counts: 'wait', form: 'proto', meaning: 'Longest silence of a stream on this route.' },
  { path: /retry_policy\.per_try_timeout$/, product, directive: 'per_try_timeout', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'proto', meaning: 'For one try.' },
  { path: /max_stream_duration(?:\.max_stream_duration)?$/, product, directive: 'max_stream_duration', layer: 'proxy', cause: 'proxy.read', counts: 'total', form: 'proto', meaning: 'Longest life of a stream.' },
  { path: /stream_idle_timeout$/, product, layer: 'proxy', cause: 'proxy.idle', counts: 'wait', form: 'proto', meaning: 'Longest silence of a stream (5 min by default).' },
  { path: /request_headers_timeout$/, product, layer: 'proxy', cause: 'proxy.client_header', counts: 'request', form: 'proto', meaning: 'The request header must have arrived.' },
  { path: /request_timeout$/, product, layer: 'proxy', cause: 'proxy.client_body', counts: 'request', form: 'proto', meaning: 'The whole request must have arrived.' },
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
    return { limits: limitsByPath(leaves, rules, file, notes), notes }
  },
}
