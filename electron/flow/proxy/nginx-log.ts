import type { FieldValue, LogLevel } from '../../../shared/run/event.ts'
import type { ProxyFact, ReadLine } from './log-facts.ts'

/** A line of nginx's log. `connection` is nginx's own number (`*12` in the error log, `conn=12` here); null on lines about nginx itself. */
export interface NginxLine extends ReadLine {
  connection: number | null
  request: string | null
  access: NginxAccess | null
}

export interface NginxAccess {
  status: number
  /** Wall clock at the end of the request, ms since 1970. */
  endEpochMs: number
  requestMs: number
  connectMs: number | null
  headerMs: number | null
  responseMs: number | null
  upstreamStatus: number | null
}

const accessForm = /^(\S+) - \S+ \[[^\]]*\] "(.*?)" (\d{3}) (\d+) ".*?" ".*?" rt=([\d.]+) uct="([^"]*)" uht="([^"]*)" urt="([^"]*)" us="([^"]*)" ua="([^"]*)" msec=([\d.]+) conn=(\d+)$/
const errorForm = /^(?:\d{4}\/\d\d\/\d\d [\d:]+ )?\[(\w+)\] \d+#\d+: (?:\*(\d+) )?(.*)$/s

/** Reads one line of either log; null for what is neither. Source of the phrases: nginx's own source, and runs of nginx 1.22. */
export function parseNginxLine(line: string): NginxLine | null {
  const access = accessForm.exec(line)
  if (access) return readAccess(line, access)
  const error = errorForm.exec(line)
  return error ? readError(line, error) : null
}

function readAccess(line: string, match: RegExpExecArray): NginxLine {
  const [, , request = '', status = '0', bytes = '0', rt = '0', uct = '', uht = '', urt = '', us = '', , msec = '0', connection = '0'] = match
  const found: NginxAccess = {
    status: Number(status), endEpochMs: Number(msec) * 1000, requestMs: Number(rt) * 1000,
    connectMs: lastMs(uct), headerMs: lastMs(uht), responseMs: lastMs(urt), upstreamStatus: lastNumber(us),
  }
  const fields: Record<string, FieldValue> = {
    status: found.status, bytes_sent: Number(bytes), request_ms: found.requestMs, upstream_status: found.upstreamStatus,
    upstream_connect_ms: found.connectMs, upstream_header_ms: found.headerMs, upstream_response_ms: found.responseMs,
  }
  const level: LogLevel = found.status >= 500 || found.status === 499 || found.status === 408 ? 'warn' : 'info'
  return { kind: 'access', level, line, fields, facts: [], connection: Number(connection), request, access: found }
}

/** nginx lists one value per upstream it tried, and `-` for none. */
function lastMs(text: string): number | null {
  const value = lastNumber(text)
  return value === null ? null : value * 1000
}
function lastNumber(text: string): number | null {
  const last = text.split(/[,:] */).at(-1)?.trim() ?? ''
  return /^[\d.]+$/.test(last) ? Number(last) : null
}

const levels: Record<string, LogLevel> = { debug: 'debug', info: 'info', notice: 'info', warn: 'warn' }

function readError(line: string, match: RegExpExecArray): NginxLine {
  const [, level = 'error', connection, rest = ''] = match
  const phrase = rest.replace(/, (?:client|server|resolver|context): .*$/s, '')
  const request = /, request: "([^"]*)"/.exec(rest)?.[1] ?? null
  return {
    kind: 'error', level: levels[level] ?? 'error', line, fields: { phrase, nginx_level: level }, facts: factsOf(phrase),
    connection: connection === undefined ? null : Number(connection), request, access: null,
  }
}

/** What an error phrase proves. The part after `while` says where the request was. */
function factsOf(phrase: string): ProxyFact[] {
  const [what = '', where = ''] = phrase.split(/ while /)
  const answer = (status: number): ProxyFact => ({ kind: 'answered', status, reason: phrase })
  const begun = where === 'reading upstream'
  if (what.startsWith('upstream timed out')) {
    if (where.startsWith('connecting')) return [{ kind: 'limit', name: 'connect', action: 'answered 504' }, { kind: 'connect_failed' }, answer(504)]
    if (where.startsWith('sending')) return [{ kind: 'limit', name: 'send', action: 'answered 504' }, answer(504)]
    const read: ProxyFact = { kind: 'limit', name: 'read', action: begun ? 'broke the answer off' : 'answered 504' }
    return begun ? [read, { kind: 'cut_client', how: 'fin', error: phrase }] : [read, answer(504)]
  }
  if (what.startsWith('client timed out')) {
    const name = /request body/.test(where) ? 'client_body' : /sending to client/.test(where) ? 'client_write' : 'client_header'
    return [{ kind: 'limit', name, action: 'closed the connection' }, { kind: 'cut_client', how: 'timeout', error: phrase }]
  }
  if (what.startsWith('connect() failed')) return [{ kind: 'connect_failed' }, { kind: 'upstream_ended', how: /refused/.test(what) ? 'refused' : 'unreachable', error: what }, answer(502)]
  if (/could not be resolved/.test(what)) return [{ kind: 'connect_failed' }, { kind: 'upstream_ended', how: 'unreachable', error: what }, answer(502)]
  if (what.startsWith('upstream prematurely closed')) return [{ kind: 'upstream_ended', how: 'fin', error: phrase }, begun ? { kind: 'cut_client', how: 'fin', error: phrase } : answer(502)]
  if (/^(?:recv|readv|send|writev)\(\) failed \(104/.test(what)) return [{ kind: 'upstream_ended', how: 'rst', error: phrase }, begun ? { kind: 'cut_client', how: 'fin', error: phrase } : answer(502)]
  // Rubbish is taken for an HTTP/0.9 answer and passed on with status 200.
  if (what.startsWith('upstream sent no valid HTTP/1.0 header')) return [{ kind: 'upstream_ended', how: 'fin', error: phrase }]
  if (/^upstream sent (?:invalid|too big|unsupported)/.test(what)) return [{ kind: 'upstream_ended', how: 'fin', error: phrase }, answer(502)]
  if (/client prematurely closed connection/.test(what)) return [{ kind: 'client_left' }]
  return []
}
