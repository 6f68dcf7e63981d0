import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { leavesOf } from './json-lines.ts'
import { msOf, parseGoDuration, parseSystemdTime } from './durations.ts'
import { baseName, limitOf, noteOf, type ConfigReader } from './reader.ts'
import { tomlLeaves } from './toml-lines.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

interface Kind { layer: LayerId; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[] }

/** What a service's own keys mean, by the words in them; the path in front of the key decides between server, client and script. */
const kinds: { path: RegExp; kind: Kind }[] = [
  { path: /read_?header_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.read_header', counts: 'request', meaning: 'The server’s limit on reading the request header.' } },
  { path: /(?:^|[._])idle_?timeout|keep_?alive_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.' } },
  { path: /(?:shutdown|graceful|drain)\w*_?(?:timeout|period)/i, kind: { layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, what still runs is ended when it passes.' } },
  { path: /(?:python|script|transform|exec(?:ution)?|worker|job|task)[\w.]*timeout|timeout[\w.]*(?:python|script)/i, kind: { layer: 'connector', cause: 'connector.python', alsoCauses: ['connector.context'], counts: 'total', meaning: 'The limit on the script.' } },
  { path: /context[\w.]*timeout|(?:transformation|connector)[\w.]*timeout/i, kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['connector.python'], counts: 'total', meaning: 'The deadline around the transformation.' } },
  { path: /queue[\w.]*timeout/i, kind: { layer: 'connector', cause: 'connector.queue', counts: 'queue', meaning: 'How long a request waits for a free worker.' } },
  { path: /(?:handler|request)_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['client.total', 'proxy.read'], counts: 'total', meaning: 'The limit on handling one request.' } },
  { path: /(?:dial|connect(?:ion)?)_?timeout/i, kind: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting to the next hop.' } },
  { path: /response_?header_?timeout/i, kind: { layer: 'client', cause: 'client.first_byte', alsoCauses: ['proxy.read'], counts: 'wait', meaning: 'For the next hop’s answer header.' } },
  { path: /(?:client|upstream|backend|downstream|http_?client)[\w.]*timeout/i, kind: { layer: 'client', cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning: 'For a call to the next hop.' } },
  { path: /write_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.write', counts: 'total', meaning: 'The server’s write deadline: an answer written later is lost.' } },
  { path: /read_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.read', alsoCauses: ['gateway.read_header'], counts: 'request', meaning: 'The server’s limit on reading the request; no effect after that.' } },
  { path: /timeout|deadline/i, kind: { layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['connector.context', 'connector.python', 'client.total', 'proxy.read'], counts: 'total', meaning: 'A limit of the service; its name does not say of what.' } },
]

const timeoutKey = /timeout|deadline|grace_?period/i

/** A service's own config.yaml, .json or .toml: any key with "timeout" in it. Bare numbers are the trap: 30 may be ns, ms or s. */
export const serviceConfig: ConfigReader = {
  id: 'service-config', kind: 'service configuration',
  recognises: ({ file, text }) => {
    const keyed = /^[ \t]*["']?[\w.-]{0,80}(?:timeout|deadline)[\w.-]{0,80}["']?\s*[:=]\s*["']?\d/im.test(text)
    const name = /\.(?:ya?ml|json|toml)$/i.test(baseName(file))
    if (!keyed || /[;]\s*$/m.test(text) || /^[ \t]*(?:func|def|import|package|const|let|var|class)\s/m.test(text)) return 0
    const shape = /^\s*\{/.test(text) || /^[ \t]*\[[\w."-]+\]\s*$/m.test(text) || /^[ \t]*[\w.-]+:\s*\S*\s*$/m.test(text)
    return shape ? (name ? 0.7 : 0.55) : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = readLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    return { limits: leaves.flatMap((leaf) => limitFrom(leaf, file, notes)), notes }
  },
}

function readLeaves(text: string): { leaves: YamlLeaf[]; problems: { line: number; text: string }[] } {
  if (/^\s*\{/.test(text)) {
    const { leaves, problems } = leavesOf(text)
    return { problems, leaves: leaves.map((leaf) => ({ document: 0, path: leaf.path, line: leaf.line, written: String(leaf.value), value: typeof leaf.value === 'string' || typeof leaf.value === 'number' || typeof leaf.value === 'boolean' ? leaf.value : null })) }
  }
  return /^[ \t]*\[[\w."-]+\]\s*$/m.test(text) || /^[\w.-]+\s*=\s*\S/m.test(text) ? tomlLeaves(text) : yamlLeaves(text)
}

function limitFrom(leaf: YamlLeaf, file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const key = String(leaf.path.findLast((part) => typeof part === 'string') ?? '')
  if (!timeoutKey.test(pathText(leaf.path.slice(-2))) || leaf.value === null || typeof leaf.value === 'boolean') return []
  const path = pathText(leaf.path)
  const kind = kinds.find((candidate) => candidate.path.test(path))?.kind
  if (!kind) return []
  const duration = serviceDuration(key, leaf.value)
  if (duration === null) {
    if (/^\d/.test(leaf.written)) notes.push(noteOf(file, leaf.line, `${path}: ${leaf.written}: not a duration`))
    return []
  }
  return [limitOf({ layer: kind.layer, product: 'service', directive: path, valueMs: duration.ms > 0 ? duration.ms : null, asWritten: leaf.written, file, line: leaf.line, enforced: duration.ms > 0, meaning: duration.doubt ? `${kind.meaning} ${duration.doubt}` : kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts })]
}

/** What a value in a service's configuration means: the unit in the key, in the value, or by its size. */
export function serviceDuration(key: string, value: string | number): { ms: number; doubt: string | null } | null {
  if (typeof value === 'string' && !/^\d+(?:\.\d+)?$/.test(value.trim())) {
    const ms = msOf(parseGoDuration(value)) ?? msOf(parseSystemdTime(value))
    return ms === null ? null : { ms, doubt: null }
  }
  const number = Number(value)
  if (/(?:_|-)?(?:ms|millis(?:econds)?)$/i.test(key) || /Millis|Ms$/.test(key)) return { ms: number, doubt: null }
  if (/(?:_|-)(?:s|secs?|seconds)$/i.test(key) || /Seconds?$|Secs?$/.test(key)) return { ms: number * 1000, doubt: null }
  if (/(?:_|-)?(?:min|minutes)$/i.test(key)) return { ms: number * 60_000, doubt: null }
  if (/(?:_|-)?(?:ns|nanos(?:econds)?)$/i.test(key)) return { ms: number / 1e6, doubt: null }
  if (number >= 1e6) return { ms: number / 1e6, doubt: `Taken as nanoseconds (Go’s time.Duration).` }
  if (number >= 1000) return { ms: number, doubt: `${number} has no unit: taken as milliseconds.` }
  return { ms: number * 1000, doubt: `${number} has no unit: taken as seconds; decoded straight into Go’s time.Duration it is ${number} ns.` }
}
