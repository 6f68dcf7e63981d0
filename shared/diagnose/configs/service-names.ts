import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts } from '../diagnosis.ts'
import { springNames } from './spring-names.ts'
import { msOf, parseGoDuration, parseSystemdTime } from './durations.ts'

/** What a service's own setting limits. */
export interface NamedKind { layer: LayerId; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[]; /** Whose setting it is; a service's own without. */ product?: string }

/** What settings are called that limit one thing only; tried on the setting's own name before the path around it. */
const ownNames: { name: RegExp; kind: NamedKind }[] = [
  { name: /wrapper[\w.-]*timeout/i, kind: { layer: 'wrapper', cause: 'wrapper.timeout', alsoCauses: ['connector.python'], counts: 'total', meaning: 'The wrapper’s limit on the script.' } },
  { name: /queue[\w.-]*timeout/i, kind: { layer: 'connector', cause: 'connector.queue', counts: 'queue', meaning: 'How long a request waits for a free worker.' } },
  { name: /context[\w.-]*(?:timeout|deadline)/i, kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['connector.python'], counts: 'total', meaning: 'The deadline around the transformation.' } },
  { name: /read_?-?header_?-?timeout|headers?_?-?timeout(?!.*response)/i, kind: { layer: 'gateway', cause: 'gateway.read_header', counts: 'request', meaning: 'The server’s limit on reading the request header.' } },
  { name: /(?:^|[._-])idle_?-?timeout|idleTimeout|keep_?-?alive/i, kind: { layer: 'gateway', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.' } },
  { name: /(?:shutdown|graceful|drain|grace)\w*_?-?(?:timeout|period)|stop_?-?timeout/i, kind: { layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, what still runs is ended when it passes.' } },
  { name: /(?:dial|connect(?:ion)?)_?-?timeout/i, kind: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting to the next hop.' } },
  { name: /response_?-?header_?-?timeout/i, kind: { layer: 'client', cause: 'client.first_byte', alsoCauses: ['proxy.read'], counts: 'wait', meaning: 'For the next hop’s answer header.' } },
  { name: /worker_?-?timeout/i, kind: { layer: 'gateway', cause: 'gateway.worker', alsoCauses: ['connector.python'], counts: 'wait', meaning: 'A worker that takes longer is ended.' } },
]

/** What a path says: between server, client and script. */
const paths: { path: RegExp; kind: NamedKind }[] = [
  { path: /(?:python|script|transform|exec(?:ution)?|worker|job|task)[\w.]*timeout|timeout[\w.]*(?:python|script)/i, kind: { layer: 'connector', cause: 'connector.python', alsoCauses: ['connector.context'], counts: 'total', meaning: 'The limit on the script.' } },
  { path: /context[\w.]*timeout|(?:transformation|connector)[\w.]*timeout/i, kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['connector.python'], counts: 'total', meaning: 'The deadline around the transformation.' } },
  { path: /(?:^|[._])(?:api|http|https|fetch)_?timeout/i, kind: { layer: 'client', cause: 'client.total', alsoCauses: ['proxy.read', 'gateway.handler'], counts: 'total', meaning: 'For a call to the next hop, by its name.' } },
  { path: /(?:handler|request)_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['client.total', 'proxy.read'], counts: 'total', meaning: 'The limit on handling one request.' } },
  { path: /(?:client|upstream|backend|downstream|http_?client)[\w.]*timeout/i, kind: { layer: 'client', cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning: 'For a call to the next hop.' } },
  { path: /write_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.write', counts: 'total', meaning: 'The server’s write deadline: an answer written later is lost.' } },
  { path: /read_?timeout/i, kind: { layer: 'gateway', cause: 'gateway.read', alsoCauses: ['gateway.read_header'], counts: 'request', meaning: 'The server’s limit on reading the request; no effect after that.' } },
  { path: /timeout|deadline/i, kind: { layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['connector.context', 'connector.python', 'client.total', 'proxy.read'], counts: 'total', meaning: 'A limit of the service; its name does not say of what.' } },
]

/** Clients of databases, caches and mail: their limits cut no HTTP hop. */
const otherClients = /(?:^|[._])(?:redis|database|db|postgres\w*|mysql|mongo\w*|kafka|smtp|ldap|cache|memcached?|rabbit\w*|amqp|elastic\w*|sql|nats|s3)(?:[._]|$)/i
const otherKind: NamedKind = { layer: 'script', cause: null, alsoCauses: ['script.exception'], counts: 'other', meaning: 'A limit of another client than HTTP’s.' }
const anyKind: NamedKind = { layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['connector.context', 'connector.python', 'client.total', 'proxy.read'], counts: 'total', meaning: 'A limit of the service; its name does not say of what.' }

/** What a setting limits, by its name and the path in front of it (`server.read_timeout`, `PYTHON_TIMEOUT`). */
export function kindOfName(path: string): NamedKind {
  const spring = springNames.find((candidate) => candidate.path.test(path))
  if (spring) return spring.kind
  const name = path.split('.').at(-1) ?? path
  if (otherClients.test(path.replaceAll('-', '_')) || /^(?:REDIS|DB|DATABASE|POSTGRES|PG|MYSQL|MONGO|KAFKA|SMTP|CACHE)_/.test(path)) return otherKind
  return ownNames.find((candidate) => candidate.name.test(name))?.kind ?? paths.find((candidate) => candidate.path.test(path.replaceAll('-', '_')))?.kind ?? anyKind
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
