import { parseAnyTime, parseEpoch, parseIsoTime } from './time.ts'
import { parseObject } from './unwrap.ts'

/** A log entry of a structured logger: logrus, zap, slog, zerolog, pino, bunyan, Caddy, Python's JSON formatters. */
export interface Entry { timeMs: number | null; level: string | null; message: string; fields: Record<string, unknown> }

const timeKeys = ['time', 'ts', 'timestamp', '@timestamp', 't', 'datetime', 'asctime', 'date', 'eventTime']
const messageKeys = ['msg', 'message', 'M', 'event', 'body', 'log.message']
const levelKeys = ['level', 'lvl', 'severity', 'levelname', 'log.level', 'L']

/** An entry from a JSON line or a logfmt line (`time=... level=... msg="..."`); null if it is neither. */
export function parseEntry(text: string): Entry | null {
  return text.charCodeAt(0) === 0x7b ? jsonEntry(text) : logfmtEntry(text)
}

function jsonEntry(text: string): Entry | null {
  const fields = parseObject(text)
  if (!fields) return null
  return { timeMs: timeOf(first(fields, timeKeys)), level: stringOf(first(fields, levelKeys)), message: stringOf(first(fields, messageKeys)) ?? '', fields: flat(fields) }
}

function logfmtEntry(text: string): Entry | null {
  if (!/(?:^|\s)(?:msg|message)=/.test(text) && !/^time=/.test(text)) return null
  const fields: Record<string, string> = {}
  for (const match of text.matchAll(/(?:^|\s)([A-Za-z_][\w.@-]{0,63})=(?:"((?:[^"\\]|\\.){0,4000})"|(\S{0,4000}))/g)) {
    fields[match[1] ?? ''] = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? ''
  }
  if (!('level' in fields) && !('time' in fields) && !('ts' in fields)) return null
  return { timeMs: timeOf(first(fields, timeKeys)), level: fields['level'] ?? null, message: fields['msg'] ?? fields['message'] ?? '', fields }
}

/** One level of nesting is flattened (`req.method`, `err.message`), which is as deep as loggers go. */
function flat(object: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object)) {
    fields[key] = value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    for (const [inner, leaf] of Object.entries(value)) if (typeof leaf !== 'object') fields[`${key}.${inner}`] = leaf
  }
  return fields
}

function first(fields: Record<string, unknown>, keys: readonly string[]): unknown {
  for (const key of keys) if (fields[key] !== undefined && fields[key] !== null && typeof fields[key] !== 'object') return fields[key]
  return undefined
}

function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return parseEpoch(value)
  if (typeof value !== 'string') return null
  return /^\d+(?:\.\d+)?$/.test(value) ? parseEpoch(Number(value)) : parseIsoTime(value) ?? parseAnyTime(value)
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}
