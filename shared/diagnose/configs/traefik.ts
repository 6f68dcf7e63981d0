import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { limitsByPath, valueMs, type PathRule } from './path-rules.ts'
import { baseName, limitOf, noteOf, type ConfigReader } from './reader.ts'
import { tomlLeaves } from './toml-lines.ts'
import { yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const product = 'Traefik'

/** Traefik's static and dynamic configuration; a bare number is seconds. */
const rules: readonly PathRule[] = [
  { path: /respondingTimeouts\.readTimeout$/i, product, directive: 'respondingTimeouts.readTimeout', layer: 'proxy', cause: 'proxy.client_body', alsoCauses: ['proxy.client_header'], counts: 'request', form: 'go-seconds', meaning: 'The whole request must have been read (60 s by default since 3.0).' },
  { path: /respondingTimeouts\.writeTimeout$/i, product, directive: 'respondingTimeouts.writeTimeout', layer: 'proxy', cause: 'gateway.write', alsoCauses: ['proxy.client_write'], counts: 'total', form: 'go-seconds', meaning: 'An answer written later is lost: Go’s WriteTimeout.' },
  { path: /respondingTimeouts\.idleTimeout$/i, product, directive: 'respondingTimeouts.idleTimeout', layer: 'proxy', cause: 'proxy.idle', counts: 'idle', form: 'go-seconds', meaning: 'How long an idle kept-alive client connection stays open (180 s by default).' },
  { path: /forwardingTimeouts\.dialTimeout$/i, product, directive: 'forwardingTimeouts.dialTimeout', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', form: 'go-seconds', meaning: 'For connecting to a backend (30 s by default).' },
  { path: /forwardingTimeouts\.responseHeaderTimeout$/i, product, directive: 'forwardingTimeouts.responseHeaderTimeout', layer: 'proxy', cause: 'proxy.read', counts: 'wait', form: 'go-seconds', meaning: 'For the backend’s answer header (none by default).' },
  { path: /forwardingTimeouts\.(?:idleConnTimeout|readIdleTimeout|pingTimeout)$/i, product, layer: 'proxy', cause: null, counts: 'idle', form: 'go-seconds', meaning: 'For connections to a backend.' },
  { path: /lifeCycle\.graceTimeOut$/i, product, directive: 'lifeCycle.graceTimeOut', layer: 'proxy', cause: 'proxy.stopped', counts: 'stop', form: 'go-seconds', meaning: 'After a stop, what still runs is ended when it passes.' },
  { path: /lifeCycle\.requestAcceptGraceTimeout$/i, product, directive: 'lifeCycle.requestAcceptGraceTimeout', layer: 'proxy', cause: null, counts: 'other', form: 'go-seconds', meaning: 'How long new requests are still taken after a stop was asked for.' },
  { path: /healthCheck\.timeout$/i, product, directive: 'healthCheck.timeout', layer: 'proxy', cause: null, alsoCauses: ['proxy.backend_down'], counts: 'check', form: 'go-seconds', meaning: 'For a health check to be answered (5 s by default).' },
]

/** Traefik: YAML, TOML, or its command line flags. */
export const traefikConfig: ConfigReader = {
  id: 'traefik', kind: 'Traefik configuration',
  recognises: ({ file, text }) => {
    const words = new Set([...text.matchAll(/\b(entryPoints|entrypoints|respondingTimeouts|forwardingTimeouts|serversTransport|providers|certificatesResolvers|routers|middlewares|loadBalancer)\b/g)].slice(0, 60).map((match) => (match[1] ?? '').toLowerCase())).size
    if (/--entry[pP]oints?\.\S+|--serversTransport\./i.test(text) && /timeout/i.test(text)) return 0.8
    return /respondingTimeouts|forwardingTimeouts/i.test(text) ? 0.93 : words >= 2 && /^[ \t]*(?:entryPoints|\[entryPoints|http:|\[http)/m.test(text) ? 0.8 : /traefik/i.test(baseName(file)) && words > 0 ? 0.8 : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const toml = /^[ \t]*\[/m.test(text) && !/^[ \t]*[\w-]+:\s*$/m.test(text)
    const { leaves, problems } = toml ? tomlLeaves(text) : yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    return { limits: retried([...limitsByPath(leaves, rules, file, notes), ...flags(leaves, text, file)], text), notes }
  },
}

function flags(leaves: readonly YamlLeaf[], text: string, file: string): DiagnosedLimit[] {
  const found: DiagnosedLimit[] = []
  const lines = leaves.length > 0 ? leaves.filter((leaf) => typeof leaf.value === 'string' && leaf.value.startsWith('--')).map((leaf) => ({ text: String(leaf.value), line: leaf.line })) : text.split('\n').slice(0, 10_000).map((line, index) => ({ text: line, line: index + 1 }))
  for (const line of lines) found.push(...traefikFlags(line.text, file, line.line))
  return found
}

/** `--entryPoints.web.transport.respondingTimeouts.readTimeout=42`, and the same as a container's label. */
export function traefikFlags(text: string, file: string, line: number, scope: string | null = null): DiagnosedLimit[] {
  return [...text.slice(0, 4096).matchAll(/(?:--|\btraefik\.)([\w.-]{1,200})=(\S{1,100})/g)].flatMap((match): DiagnosedLimit[] => {
    const rule = rules.find((candidate) => candidate.path.test(match[1] ?? ''))
    const ms = rule ? valueMs(rule.form, match[2] ?? '') : null
    return rule ? [limitOf({ layer: rule.layer, product, directive: rule.directive ?? (match[1] ?? ''), valueMs: ms !== null && ms > 0 ? ms : null, asWritten: match[2] ?? '', file, line, enforced: ms !== null && ms > 0, meaning: rule.meaning, cause: rule.cause, alsoCauses: rule.alsoCauses ?? [], counts: rule.counts, scope })] : []
  })
}

/** The middleware `retry` tries again what could not be connected, or was not answered. */
function retried(limits: DiagnosedLimit[], text: string): DiagnosedLimit[] {
  const attempts = Number(/\bretry\b[\s\S]{0,200}?\battempts["']?\s*[:=]\s*["']?(\d{1,3})/.exec(text)?.[1] ?? 1)
  return attempts > 1 ? limits.map((limit) => (/forwardingTimeouts\.(?:dial|responseHeader)Timeout/.test(limit.directive) ? { ...limit, attempts } : limit)) : limits
}
