import { parseEpoch, parseIsoTime, parseSyslogTime } from './time.ts'

/** A line without what a collector put around it. */
export interface Unwrapped {
  text: string
  timeMs: number | null
  origin: string | null
  /** The collector cut a long line here: the next one goes on with it. */
  partial?: boolean
}

/**
 * Takes off the wrapper of a collector: docker's and journald's JSON, CloudWatch and Google JSON, CRI, syslog (RFC 3164 and 5424),
 * `journalctl` and `docker compose logs`. At most three layers; a line without a wrapper comes back as it is.
 * `year` completes dates without one.
 */
export function unwrapLine(line: string, year: number): Unwrapped {
  let current: Unwrapped = { text: withoutColour(line), timeMs: null, origin: null }
  for (let depth = 0; depth < 3; depth++) {
    const inner = offJson(current.text) ?? offText(current.text, year)
    if (!inner) break
    current = { text: inner.text, timeMs: inner.timeMs ?? current.timeMs, origin: inner.origin ?? current.origin, partial: inner.partial === true }
  }
  return current
}

/** Colours that consoles write (werkzeug, zap, pino-pretty), as bytes or as JSON escapes them. */
function withoutColour(line: string): string {
  if (!line.includes('\u001b')) return line
  const [first = '', ...coloured] = line.split('\u001b[')
  return first + coloured.map((part) => part.replace(/^[\d;]{0,20}m/, '')).join('')
}

/** Keys that hold the wrapped line, with the time and the origin next to them; each collector has its own names. */
const jsonWrappers: { message: string; needs: string; time: string[]; origin: string[] }[] = [
  { message: 'log', needs: 'stream', time: ['time'], origin: ['container_name'] },
  { message: 'MESSAGE', needs: '__REALTIME_TIMESTAMP', time: ['__REALTIME_TIMESTAMP'], origin: ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', '_COMM'] },
  { message: 'MESSAGE', needs: '_SYSTEMD_UNIT', time: ['__REALTIME_TIMESTAMP'], origin: ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT'] },
  { message: 'textPayload', needs: 'timestamp', time: ['timestamp'], origin: ['logName'] },
  { message: 'message', needs: 'ingestionTime', time: ['timestamp'], origin: ['logStreamName'] },
  { message: 'message', needs: 'kubernetes', time: ['@timestamp', 'time'], origin: [] },
  { message: 'log', needs: 'kubernetes', time: ['@timestamp', 'time'], origin: [] },
]

/** Docker cuts lines into pieces of this many bytes. */
const dockerPiece = 16_000

/** journald writes messages with control characters as a list of bytes. */
function textOfBytes(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) return undefined
  const bytes = value as number[]
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    return String.fromCharCode(...bytes)
  }
}

function offJson(text: string): Unwrapped | null {
  if (text.charCodeAt(0) !== 0x7b || !/"(?:log|MESSAGE|textPayload|message)"/.test(text)) return null
  const object = parseObject(text)
  if (!object) return null
  for (const { message, needs, time, origin } of jsonWrappers) {
    const inner = typeof object[message] === 'object' ? textOfBytes(object[message]) : object[message]
    if (typeof inner !== 'string' || !(needs in object)) continue
    return { text: inner.replace(/\r?\n$/, ''), timeMs: timeIn(object, time), origin: firstString(object, origin), partial: message === 'log' && needs === 'stream' && !inner.endsWith('\n') && inner.length >= dockerPiece }
  }
  return null
}

function offText(text: string, year: number): Unwrapped | null {
  // Of a huge log every line comes by here: one look at its first character saves most of the expressions.
  const first = text.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39) return offDated(text) ?? offCompose(text)
  if (first === 0x3c || (first >= 0x41 && first <= 0x5a)) return offCompose(text) ?? offSyslog(text, year)
  return offCompose(text)
}

/** `docker compose logs`: the service's name in front of a bar. */
function offCompose(text: string): Unwrapped | null {
  const compose = text.includes(' | ') ? /^([\w.-]{1,64}(?:[-_]\d+)?) +\| (.*)$/s.exec(text) : null
  return compose ? { text: compose[2] ?? '', timeMs: null, origin: compose[1] ?? null } : null
}

/** A date as containers and syslog daemons of today write it. */
function offDated(text: string): Unwrapped | null {
  const cri = /^(\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})) (?:stdout|stderr) ([FP]) (.*)$/s.exec(text)
  if (cri) return { text: cri[3] ?? '', timeMs: parseIsoTime(cri[1] ?? ''), origin: null, partial: cri[2] === 'P' }
  // `kubectl logs --timestamps`, `docker logs -t`: the line behind has a head of its own.
  const stamped = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6,9}(?:Z|[+-]\d{2}:\d{2})) ((?:\d{4}[/-]\d{2}[/-]\d{2}[ T]|\[\d{4}-|\[[A-Z][a-z]{2} |\[(?:CRITICAL|ERROR|INFO|WARNING)\]|\{"|\d{1,3}(?:\.\d{1,3}){3}[: ]|time=|level=|INFO:|ERROR:|Traceback).*)$/s.exec(text)
  if (stamped) return { text: stamped[2] ?? '', timeMs: parseIsoTime(stamped[1] ?? ''), origin: null }
  const isoSyslog = /^(\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})) (?:[\w.-]+ )?([\w./@-]+)\[[\w.-]+\]: (.*)$/s.exec(text)
  return isoSyslog ? { text: isoSyslog[3] ?? '', timeMs: parseIsoTime(isoSyslog[1] ?? ''), origin: isoSyslog[2] ?? null } : null
}

function offSyslog(text: string, year: number): Unwrapped | null {
  const rfc5424 = /^<\d{1,3}>1 (\S+) \S+ (\S+) \S+ \S+ (?:-|\[[^\]]*\]) ?(.*)$/s.exec(text)
  if (rfc5424) return { text: rfc5424[3] ?? '', timeMs: parseIsoTime(rfc5424[1] ?? ''), origin: rfc5424[2] ?? null }
  const rfc3164 = /^(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}(?:\.\d+)?) (?:(\S+) )??([\w./@-]+)(?:\[\d+\])?: (.*)$/s.exec(text)
  return rfc3164 ? { text: rfc3164[4] ?? '', timeMs: parseSyslogTime(rfc3164[1] ?? '', year), origin: rfc3164[3] ?? null } : null
}

/** The object a line holds; null if it is none. Lines are bounded, so parsing is. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : null
  } catch {
    return null
  }
}

function timeIn(object: Record<string, unknown>, keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = object[key]
    if (typeof value === 'number') return parseEpoch(value)
    if (typeof value === 'string') return /^\d+$/.test(value) ? parseEpoch(Number(value)) : parseIsoTime(value)
  }
  return null
}

function firstString(object: Record<string, unknown>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = object[key]
    if (typeof value === 'string') return value
  }
  return null
}
