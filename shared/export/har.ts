import type { EventOf, HeaderField, ReceivedResponse, RunEvent } from '../run/event.ts'
import { inputJsonOf } from '../run/exact-json.ts'
import type { SavedRun } from '../run/record.ts'
import type { Exporter } from './exporter.ts'

/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): the one request of the run as its client saw it. Fields that
 * begin with an underscore are ours, as the format allows; `_error` is what Chrome writes, too.
 */
export const harExporter: Exporter = {
  id: 'har',
  title: 'HTTP archive (HAR 1.2)',
  extension: 'har',
  mediaType: 'application/json',
  toText: (run, { version }) => `${JSON.stringify({ log: { version: '1.2', creator: { name: 'Cutoff', version }, entries: [entryOf(run)] } }, null, 2)}\n`,
}

function entryOf(run: SavedRun) {
  const { record, events } = run
  const ended = events.find((event): event is EventOf<'client_ended'> => event.type === 'client_ended')
  const startMs = startMsOf(run)
  const timings = timingsOf(run)
  return {
    startedDateTime: startMs === 0 ? record.startedAt : new Date(Date.parse(record.startedAt) + startMs).toISOString(),
    time: msOf(Object.values(timings).reduce((sum, ms) => sum + Math.max(0, ms), 0)),
    request: requestOf(run, ended),
    response: responseOf(run, ended),
    cache: {},
    timings,
    serverIPAddress: '127.0.0.1',
    comment: record.verdict.headline,
    _run: record.id,
    _outcome: record.outcome,
    _verdict: record.verdict,
    _stages: record.stages,
    _received: record.client.bytes,
    _ended: record.client.ended,
  }
}

/** The request as it was sent; of runs that did not keep it, as the client makes it. -1: not known, as the format asks. */
function requestOf({ record, events }: SavedRun, ended: EventOf<'client_ended'> | undefined) {
  const text = inputJsonOf(record.plan)
  const host = `127.0.0.1:${portOf(events) ?? 80}`
  const unsent = ended?.request === null
  const { headers, headBytes, bodyBytes } = ended?.request ?? { headers: headersOf(host, byteLength(text)), headBytes: -1, bodyBytes: unsent ? 0 : byteLength(text) }
  return {
    method: 'POST', url: `http://${host}/transform`, httpVersion: 'HTTP/1.1', cookies: [], headers, queryString: [],
    postData: { mimeType: 'application/json', text }, headersSize: headBytes, bodySize: bodyBytes,
    ...(unsent ? { comment: 'not sent' } : {}),
  }
}

function headersOf(host: string, bytes: number): HeaderField[] {
  return [{ name: 'Host', value: host }, { name: 'User-Agent', value: 'cutoff' }, { name: 'Accept', value: 'application/json' }, { name: 'Content-Type', value: 'application/json' }, { name: 'Content-Length', value: String(bytes) }]
}

/** The answer as far as it came. Status 0 is what browsers write for a request that got none. */
function responseOf(run: SavedRun, ended: EventOf<'client_ended'> | undefined) {
  const { status, error, bytes } = run.record.client
  const received = ended?.response
  return {
    status: status ?? 0, statusText: received?.reason ?? '', httpVersion: received ? `HTTP/${received.version}` : status === null ? '' : 'HTTP/1.1', cookies: [], headers: received?.headers ?? [],
    content: contentOf(run, ended), redirectURL: valueOf(received, 'location') ?? '',
    headersSize: received?.headBytes ?? -1, bodySize: received ? Math.max(0, bytes - received.headBytes) : status === null ? 0 : -1,
    ...(error === null ? {} : { _error: error }),
  }
}

/** The body as far as it came; its text is what the script returned, where the client got all of it. */
function contentOf({ record }: SavedRun, ended: EventOf<'client_ended'> | undefined) {
  const { status, bytes } = record.client
  const received = ended?.response
  const isWhole = status === 200 && (ended?.complete ?? record.client.ended === 'fin')
  const text = isWhole ? record.outputText ?? JSON.stringify(record.output) : undefined
  return {
    size: received?.bodyBytes ?? (text === undefined ? (status === null ? 0 : bytes) : byteLength(text)),
    mimeType: valueOf(received, 'content-type') ?? (text === undefined ? '' : 'application/json'),
    ...(text === undefined ? {} : { text }),
  }
}

function valueOf(received: ReceivedResponse | null | undefined, name: string): string | undefined {
  return received?.headers.find((field) => field.name.toLowerCase() === name)?.value
}

/** ms of the run at which the request began: one on a kept connection begins later than the run. */
function startMsOf({ record }: SavedRun): number {
  return record.spans.find((span) => span.id === 'client')?.startMs ?? 0
}

/** The port that the client connected to: its first message tells. */
function portOf(events: readonly RunEvent[]): number | null {
  for (const event of events) {
    if (event.type === 'log' && event.source === 'client' && typeof event.fields.port === 'number') return event.fields.port
  }
  return null
}

/** Phases of the client's request; -1 where a phase was never reached, as the format asks. `send`, `wait` and `receive` must be there and not negative. */
function timingsOf(run: SavedRun) {
  const { record } = run
  const lengthOf = (id: string): number | null => {
    const span = record.spans.find((candidate) => candidate.id === `client/${id}`)
    return span && span.endMs !== null ? msOf(span.endMs - span.startMs) : null
  }
  const phases = { connect: lengthOf('connect'), send: lengthOf('send'), wait: lengthOf('waiting'), receive: lengthOf('reading') }
  const known = Object.values(phases).reduce<number>((sum, ms) => sum + (ms ?? 0), 0)
  const rest = Math.max(0, msOf(record.elapsedMs - startMsOf(run) - known))
  // The phases add up to the whole, as the format asks: what lies between them was waited.
  const isConnected = phases.send !== null || phases.wait !== null
  return { blocked: isConnected ? -1 : rest, dns: -1, connect: phases.connect ?? -1, ssl: -1, send: phases.send ?? 0, wait: msOf((phases.wait ?? 0) + (isConnected ? rest : 0)), receive: phases.receive ?? 0 }
}

function msOf(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
