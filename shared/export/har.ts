import type { RunEvent } from '../run/event.ts'
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
  const { record } = run
  const body = JSON.stringify(record.plan.input)
  const host = `127.0.0.1:${portOf(run.events) ?? 80}`
  const failed = record.client.status === null
  return {
    startedDateTime: record.startedAt,
    time: record.elapsedMs,
    request: {
      method: 'POST', url: `http://${host}/transform`, httpVersion: 'HTTP/1.1', cookies: [],
      headers: [{ name: 'Host', value: host }, { name: 'User-Agent', value: 'cutoff' }, { name: 'Accept', value: 'application/json' }, { name: 'Content-Type', value: 'application/json' }, { name: 'Content-Length', value: String(byteLength(body)) }],
      queryString: [], postData: { mimeType: 'application/json', text: body }, headersSize: -1, bodySize: byteLength(body),
    },
    response: {
      // 0 is what browsers write for a request that got no answer.
      status: record.client.status ?? 0, statusText: '', httpVersion: failed ? '' : 'HTTP/1.1', cookies: [], headers: [],
      content: contentOf(run), redirectURL: '', headersSize: -1, bodySize: failed ? 0 : -1,
      ...(record.client.error === null ? {} : { _error: record.client.error }),
    },
    cache: {},
    timings: timingsOf(run),
    comment: record.verdict.headline,
    _run: record.id,
    _outcome: record.outcome,
    _verdict: record.verdict,
    _stages: record.stages,
    _received: record.client.bytes,
    _ended: record.client.ended,
  }
}

/** The port that the client connected to: its first message tells. */
function portOf(events: readonly RunEvent[]): number | null {
  for (const event of events) {
    if (event.type === 'log' && event.source === 'client' && typeof event.fields.port === 'number') return event.fields.port
  }
  return null
}

/** What the script returned, when the client got it. */
function contentOf({ record }: SavedRun) {
  if (record.client.status !== 200) return { size: record.client.status === null ? 0 : record.client.bytes, mimeType: '' }
  const text = JSON.stringify(record.output)
  return { size: byteLength(text), mimeType: 'application/json', text }
}

/** Phases of the client's request; -1 where a phase was never reached, as the format asks. `send`, `wait` and `receive` must be there and not negative. */
function timingsOf({ record }: SavedRun) {
  const lengthOf = (id: string): number | null => {
    const span = record.spans.find((candidate) => candidate.id === `client/${id}`)
    return span && span.endMs !== null ? Math.round((span.endMs - span.startMs) * 1000) / 1000 : null
  }
  const phases = { connect: lengthOf('connect'), send: lengthOf('send'), wait: lengthOf('waiting'), receive: lengthOf('reading') }
  const known = Object.values(phases).reduce<number>((sum, ms) => sum + (ms ?? 0), 0)
  const rest = Math.max(0, Math.round((record.elapsedMs - known) * 1000) / 1000)
  // The phases add up to the whole, as the format asks: what lies between them was waited.
  const isConnected = phases.send !== null || phases.wait !== null
  return { blocked: isConnected ? -1 : rest, dns: -1, connect: phases.connect ?? -1, ssl: -1, send: phases.send ?? 0, wait: Math.round(((phases.wait ?? 0) + (isConnected ? rest : 0)) * 1000) / 1000, receive: phases.receive ?? 0 }
}

function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
