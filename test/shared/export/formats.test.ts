import { describe, expect, test } from 'vitest'
import { exporterOf, exportRun } from '../../../shared/export/index.ts'
import { traceExporterWith, type TraceEvent } from '../../../shared/export/trace.ts'
import type { SavedRun } from '../../../shared/run/record.ts'
import { exportOptions, mapTexts, savedRun } from './saved-runs.ts'

const exported = (id: string, run: SavedRun) => exportRun(run, exporterOf(id)!, exportOptions)

describe('HAR', () => {
  const entryOf = (run: SavedRun) => JSON.parse(exported('har', run)).log.entries[0]

  test('has what version 1.2 demands of an entry', () => {
    const har = JSON.parse(exported('har', savedRun('cut')))
    expect(har.log).toMatchObject({ version: '1.2', creator: { name: 'Cutoff', version: '9.9.9' } })
    const entry = har.log.entries[0]
    expect(entry.request).toMatchObject({ method: 'POST', httpVersion: 'HTTP/1.1', cookies: [], headers: expect.any(Array), queryString: [], headersSize: -1, bodySize: expect.any(Number) })
    expect(new URL(entry.request.url).pathname).toBe('/transform')
    expect(entry.response).toMatchObject({ statusText: expect.any(String), httpVersion: expect.any(String), cookies: [], headers: [], redirectURL: '', content: { size: expect.any(Number), mimeType: expect.any(String) } })
    expect(entry.cache).toEqual({})
    for (const phase of ['send', 'wait', 'receive']) expect(entry.timings[phase]).toBeGreaterThanOrEqual(0)
  })

  test('tells a request that got no answer by status 0 and the error', () => {
    const entry = entryOf(savedRun('cut'))
    expect(entry.response).toMatchObject({ status: 0, _error: 'client.total limit of 500ms reached' })
    expect(entry._verdict.cause).toBe('client.total')
    expect(entry.timings).toMatchObject({ wait: 496.087, receive: 0 })
  })

  test('holds the answer that came, and times that add up', () => {
    const entry = entryOf(savedRun('completed'))
    expect(entry.response).toMatchObject({ status: 200, content: { text: '{"orders":[{"id":1001,"eur":120.28}]}', mimeType: 'application/json' } })
    const { connect, send, wait, receive } = entry.timings
    expect(Math.abs(connect + send + wait + receive - entry.time)).toBeLessThan(2)
  })

  test('counts bytes, not characters', () => {
    const run = mapTexts(savedRun('completed'), (text, key) => key === 'currency' ? '€😀' : text)
    const { bodySize, postData } = entryOf(run).request
    expect(bodySize).toBe(Buffer.byteLength(postData.text))
  })
})

describe('trace', () => {
  const eventsOf = (run: SavedRun): TraceEvent[] => JSON.parse(exported('trace', run)).traceEvents

  test('has every span on the thread of its layer', () => {
    const events = eventsOf(savedRun('cut'))
    const threads = new Map(events.filter((event) => event.name === 'thread_name').map((event) => [event.tid, event.args?.name]))
    const span = events.find((event) => event.ph === 'X' && event.name === 'transformation service')
    expect(threads.get(span?.tid ?? 0)).toBe('connector')
    expect(span).toMatchObject({ ts: 8816, dur: 504_925, args: { status: 'canceled' } })
    expect(events.filter((event) => event.ph === 'X')).toHaveLength(savedRun('cut').record.spans.length)
  })

  test('has deadlines, stages, messages, acts and readings', () => {
    const events = eventsOf(savedRun('cut'))
    const names = events.map((event) => `${event.ph} ${event.name}`)
    for (const name of ['i client.total 500 ms fired', 'i gateway.write 30 s', 'i 3 script_started', 'i Starting Python script execution', 'i SIGKILL to the script', 'i context canceled', 'C memory', 'C CPU % of one core']) expect(names).toContain(name)
    expect(events.find((event) => event.name === 'gateway.write 30 s')?.ts).toBe(30_008_201)
  })

  test('never has spans on one thread that cross', () => {
    const run = savedRun('cut')
    const span = (id: string, startMs: number, endMs: number | null) => ({ id, parentId: null, layer: 'proxy' as const, name: id, startMs, endMs, status: 'ok' as const })
    const spans = [span('a', 0, 10), span('b', 5, 15), span('c', 6, 9), span('d', 12, 20), span('e', 10, 11), span('f', 1, null), span('g', 0, 10)]
    const drawn = eventsOf({ ...run, record: { ...run.record, spans } }).filter((event) => event.ph === 'X')
    expect(drawn).toHaveLength(spans.length)
    for (const a of drawn) {
      for (const b of drawn) {
        if (a === b || a.tid !== b.tid) continue
        const [aEnd, bEnd] = [a.ts + (a.dur ?? 0), b.ts + (b.dur ?? 0)]
        expect(aEnd <= b.ts || bEnd <= a.ts || (a.ts <= b.ts && bEnd <= aEnd) || (b.ts <= a.ts && aEnd <= bEnd), `${a.name} and ${b.name}`).toBe(true)
      }
    }
  })

  test('takes in further parts, such as stacks, on threads of their own', () => {
    const exporter = traceExporterWith([(_, { pid, firstTid }) => [{ name: 'frame', ph: 'X', ts: 1, dur: 2, pid, tid: firstTid }]])
    const events: TraceEvent[] = JSON.parse(exportRun(savedRun('cut'), exporter, exportOptions)).traceEvents
    const frame = events.find((event) => event.name === 'frame')
    expect(events.filter((event) => event.tid === frame?.tid)).toEqual([frame])
  })
})

describe('CSV', () => {
  test('has the five stages in order, reached or not', () => {
    const lines = exported('csv', savedRun('cut')).split('\r\n')
    expect(lines).toHaveLength(7)
    expect(lines[0]).toBe('run,started_at,script,outcome,cause,stage,number,layer,at_ms,since_previous_ms,detail')
    expect(lines[4]).toBe('mwtqbny4-96bd9a,2026-11-23T20:39:38.238Z,enrich_orders.py,cut,client.total,script_finished,4,script,509,496.637,killed')
    expect(lines[5]).toMatch(/response_returned,5,client,,,not reached$/)
  })

  test('quotes what needs it and disarms what a spreadsheet would run', () => {
    const run = mapTexts(savedRun('cut'), (text, key) => key === 'name' && text.endsWith('.py') ? '=HYPERLINK("http://x"),\n' : text)
    expect(exported('csv', run)).toContain(`,"'=HYPERLINK(""http://x""),\n",cut,`)
  })
})

describe('HTML report', () => {
  const hostile = `"><img src=x onerror=alert(1)></style></script><script>alert('x')</script>&amp;\u202e\ud800`

  test('takes every text of a run for text', () => {
    const run = mapTexts(savedRun('cut'), (text, key) => ['name', 'headline', 'text', 'explanation', 'message', 'origin', 'file', 'function', 'error', 'path', 'profile', 'detail', 'python', 'pythonVersion', 'log', 'id', 'consequences', 'fix', 'why_not', 'currency', 'signal'].includes(key) ? hostile : text)
    const page = exported('html', { ...run, log: run.log.map(() => hostile) })
    expect(page).not.toMatch(/<img|<script|onerror=alert\(1\)>/i)
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page.match(/<\/style>/g)).toHaveLength(1)
    expect(page.isWellFormed()).toBe(true)
  })

  test('fetches nothing, runs nothing, and says so to the browser', () => {
    for (const kind of ['cut', 'failed', 'completed'] as const) {
      const page = exported('html', savedRun(kind))
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
      expect(page).not.toMatch(/\b(?:src|href|srcset|action|poster|data)=|url\(|@import|<(?:script|link|iframe|object|embed|form|base)\b/i)
    }
  })

  test('has the answer, the stages, the deadlines, the limits and the log', () => {
    const page = exported('html', savedRun('cut'))
    for (const part of ['The client hung up: the 500 ms limit', 'request_received', 'not reached', 'total 500 ms fired', 'context 65 s', 'context canceled', 'order 1002 USD', 'the gateway saw its client leave']) expect(page).toContain(part)
  })

  test('says what it leaves out of a long log', () => {
    const run = savedRun('cut')
    const page = exported('html', { ...run, log: Array.from({ length: 100_000 }, (_, line) => `printed ${line}`), logOrigins: [[0, 12.34, 'stderr']] })
    expect(page).toContain('99,000 lines left out')
    expect(page).toContain('printed 99999')
    expect(page).toContain('<span class="at">12.3</span><span style="color:var(--python)">stderr</span>')
    expect(page.length).toBeLessThan(400_000)
  })

  test('shows control characters and drops colours of terminals', () => {
    const run = savedRun('cut')
    const page = exported('html', { ...run, log: ['\u001b[31mred\u001b[0m \u0007bell \u001b]0;title'] })
    expect(page).toContain('red \u2407bell \u241b]0;title')
  })
})
