import type { DiagnosisNote } from '../diagnosis.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { noteOf, type ConfigReader } from './reader.ts'
import { yamlLeaves } from './yaml-lines.ts'

const product = 'Kong'
/** Source: Kong's Admin API reference, "Service object" and "Upstream object". */
const rules: readonly PathRule[] = [
  { path: /(?:^|\.)services\[\d+\]\.connect_timeout$/, product, layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 'ms', meaning: 'For connecting to the service (60 s by default).' },
  { path: /(?:^|\.)services\[\d+\]\.read_timeout$/, product, layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'ms', meaning: 'Between two reads from the service (60 s by default).' },
  { path: /(?:^|\.)services\[\d+\]\.write_timeout$/, product, layer: 'proxy', cause: 'proxy.send', counts: 'write', form: 'ms', meaning: 'Between two writes to the service (60 s by default).' },
  { path: /healthchecks\.active\.timeout$/, product, directive: 'healthchecks.active.timeout', layer: 'proxy', cause: null, alsoCauses: ['proxy.backend_down'], counts: 'check', form: 's', meaning: 'For a health check to be answered (1 s by default).' },
]

/** Kong's declarative configuration: times of services are milliseconds, and a request is tried again `retries` times. */
export const kongConfig: ConfigReader = {
  id: 'kong', kind: 'Kong configuration',
  recognises: ({ text }) => (/^_format_version:/m.test(text) && /^(?:services|upstreams|routes|_transform):/m.test(text) ? 0.97 : 0),
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    return { limits: limitsByPath(leaves, rules, file, notes), notes }
  },
}
