import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { yamlLeaves } from './yaml-lines.ts'

const product = 'h2o'

/** h2o's YAML; proxy limits count milliseconds, those of connections seconds. */
const rules: readonly PathRule[] = [
  { path: /http1-request-timeout$/, product, layer: 'proxy', cause: 'proxy.client_header', alsoCauses: ['proxy.idle'], counts: 'request', form: 's', meaning: 'The whole request must have arrived (10 s by default).' },
  { path: /http1-request-io-timeout$/, product, layer: 'proxy', cause: 'proxy.client_body', alsoCauses: ['proxy.client_header'], counts: 'request', form: 's', meaning: 'Longest silence of a client that is sending its request.' },
  { path: /http2-idle-timeout$|http3-idle-timeout$/, product, layer: 'proxy', cause: 'proxy.idle', counts: 'idle', form: 's', meaning: 'How long an idle connection stays open (10 s by default).' },
  { path: /http2-graceful-shutdown-timeout$/, product, layer: 'proxy', cause: 'proxy.stopped', counts: 'stop', form: 's', meaning: 'After a stop, what still runs is ended when it passes.' },
  { path: /handshake-timeout$/, product, layer: 'proxy', cause: 'proxy.client_header', counts: 'request', form: 's', meaning: 'For the TLS handshake.' },
  { path: /proxy\.connect-timeout$|proxy\.timeout\.connect$/, product, layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 'ms', meaning: 'For connecting to the upstream; stands in as proxy.timeout.io (30 s) where not set.' },
  { path: /proxy\.first-byte-timeout$|proxy\.timeout\.first_byte$/, product, layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'ms', meaning: 'For the upstream’s answer header.' },
  { path: /proxy\.timeout\.io$/, product, layer: 'proxy', cause: 'proxy.read', alsoCauses: ['proxy.connect', 'proxy.send'], counts: 'wait', form: 'ms', meaning: 'Longest silence of the upstream (30 s by default).' },
  { path: /proxy\.timeout\.keepalive$/, product, layer: 'proxy', cause: null, counts: 'idle', form: 'ms', meaning: 'How long an idle upstream connection is kept.' },
  { path: /proxy\.websocket\.timeout$|proxy\.tunnel\.timeout$/, product, layer: 'proxy', cause: 'proxy.idle', counts: 'wait', form: 'ms', meaning: 'Longest silence of a tunnelled connection.' },
  { path: /limit-request-body$/, product, layer: 'proxy', cause: 'proxy.rejected', counts: 'size', form: 'size', meaning: 'Largest request body.' },
  { path: /fastcgi\.timeout\.io$/, product, layer: 'proxy', cause: 'proxy.read', alsoCauses: ['proxy.connect'], counts: 'wait', form: 'ms', meaning: 'Longest silence of the FastCGI server.' },
]

/** h2o.conf. Keys with dots in them are one key each. */
export const h2oConfig: ConfigReader = {
  id: 'h2o', kind: 'h2o configuration',
  recognises: ({ text }) => /^hosts:\s*$/m.test(text) && /\b(?:proxy\.reverse\.url|file\.dir|paths):/.test(text) ? 0.95 : /^[ \t]*(?:http1-request-timeout|http2-idle-timeout|proxy\.timeout\.\w+):/m.test(text) ? 0.85 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    const limits = limitsByPath(leaves, rules, file, notes)
    const proxied = leaves.some((leaf) => leaf.path.at(-1) === 'proxy.reverse.url')
    return { limits: [...limits, ...(proxied && !limits.some((limit) => limit.directive === 'proxy.timeout.io') ? [ioDefault(file)] : []), ...(limits.some((limit) => limit.directive === 'http1-request-timeout') ? [] : [requestDefault(file)])], notes }
  },
}


function ioDefault(file: string): DiagnosedLimit {
  return limitOf({ layer: 'proxy', product, directive: 'proxy.timeout.io', valueMs: 30_000, asWritten: '30000', file, line: null, meaning: 'Longest silence of the upstream.', cause: 'proxy.read', alsoCauses: ['proxy.connect', 'proxy.send'], counts: 'wait', isDefault: true })
}

function requestDefault(file: string): DiagnosedLimit {
  return limitOf({ layer: 'proxy', product, directive: 'http1-request-timeout', valueMs: 10_000, asWritten: '10', file, line: null, meaning: 'The whole request must have arrived.', cause: 'proxy.client_header', counts: 'request', isDefault: true })
}
