import { describe, expect, test } from 'vitest'
import { exporterOf, exportRun } from '../../../shared/export/index.ts'
import { traceExporterWith, type TraceEvent } from '../../../shared/export/trace.ts'
import { redactRun } from '../../../shared/export/redact-run.ts'
import type { SavedRun } from '../../../shared/run/record.ts'
import { exportOptions, mapTexts, runKinds, sampledRun, savedRun } from './saved-runs.ts'

const exported = (id: string, run: SavedRun) => exportRun(run, exporterOf(id)!, exportOptions)

describe('HAR', () => {
  const phasesOf = (entry: { timings: Record<string, number> }): number => Object.values(entry.timings).reduce((sum, ms) => sum + Math.max(0, ms), 0)
  const entryOf = (run: SavedRun) => JSON.parse(exported('har', run)).log.entries[0]

  test('has what version 1.2 demands of an entry', () => {
    const har = JSON.parse(exported('har', savedRun('cut')))
    expect(har.log).toMatchObject({ version: '1.2', creator: { name: 'Cutoff', version: '9.9.9' } })
    const entry = har.log.entries[0]
    expect(entry.request).toMatchObject({ method: 'POST', httpVersion: 'HTTP/1.1', cookies: [], headers: expect.any(Array), queryString: [], headersSize: -1, bodySize: expect.any(Number), postData: { mimeType: 'application/json', text: expect.any(String) } })
    expect(new Date(entry.startedDateTime).getTime()).not.toBeNaN()
    expect(entry.time).toBeGreaterThan(0)
    expect(new URL(entry.request.url).pathname).toBe('/transform')
    expect(entry.response).toMatchObject({ statusText: expect.any(String), httpVersion: expect.any(String), cookies: [], headers: [], headersSize: -1, bodySize: expect.any(Number), redirectURL: '', content: { size: expect.any(Number), mimeType: expect.any(String) } })
    expect(entry.cache).toEqual({})
    for (const phase of ['send', 'wait', 'receive']) expect(entry.timings[phase]).toBeGreaterThanOrEqual(0)
  })

  test('tells a request that got no answer by status 0 and the error', () => {
    const entry = entryOf(savedRun('cut'))
    expect(entry.response).toMatchObject({ status: 0, _error: 'client.total limit of 500ms reached' })
    expect(entry._verdict.cause).toBe('client.total')
    expect(entry.timings).toMatchObject({ receive: 0 })
  })

  test('holds the answer that came, and times that add up', () => {
    const entry = entryOf(savedRun('completed'))
    expect(entry.response).toMatchObject({ status: 200, content: { text: '{"orders":[{"id":1001,"eur":120.28}]}', mimeType: 'application/json' } })
    expect(phasesOf(entry)).toBeCloseTo(entry.time, 2)
  })

  test('has phases that add up to the whole, also where nothing was connected', () => {
    for (const kind of runKinds) expect(phasesOf(entryOf(savedRun(kind)))).toBeCloseTo(savedRun(kind).record.elapsedMs, 2)
    const refused = savedRun('cut')
    refused.record.spans = refused.record.spans.filter((span) => !span.id.startsWith('client/'))
    expect(entryOf(refused).timings).toMatchObject({ blocked: refused.record.elapsedMs, connect: -1, send: 0, wait: 0, receive: 0 })
  })

  test('tells what was sent and what came, as the flow saw it', () => {
    const run = savedRun('completed')
    const ended = run.events.find((event) => event.type === 'client_ended')
    if (ended?.type !== 'client_ended') throw new Error('the run has no end')
    ended.request = { headers: [{ name: 'Host', value: '127.0.0.1:4000' }, { name: 'Authorization', value: 'Basic Ym9iOmh1bnRlcjI=' }], headBytes: 140, bodyBytes: 33 }
    ended.response = { version: '1.1', reason: 'OK', headers: [{ name: 'Content-Type', value: 'application/json; charset=utf-8' }, { name: 'Set-Cookie', value: 'sid=0123456789abcdef' }, { name: 'location', value: '/next' }], headBytes: 70, bodyBytes: 36 }
    run.record.client.bytes = 120
    run.log.push('the session is 0123456789abcdef')
    const { request, response } = entryOf(run)
    expect(request).toMatchObject({ headersSize: 140, bodySize: 33, headers: [{ name: 'Host', value: '127.0.0.1:4000' }, { name: 'Authorization' }] })
    // 50 bytes for a body of 36: what came in chunks is longer on the wire.
    expect(response).toMatchObject({ status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', headersSize: 70, bodySize: 50, redirectURL: '/next', content: { size: 36, mimeType: 'application/json; charset=utf-8' } })
    const bare = exported('har', redactRun(run))
    expect(bare).not.toMatch(/0123456789abcdef|Ym9iOmh1bnRlcjI/)
    expect(JSON.parse(bare).log.entries[0].response.headers).toEqual([{ name: 'Content-Type', value: 'application/json; charset=utf-8' }, { name: 'Set-Cookie', value: '[redacted]' }, { name: 'location', value: '/next' }])
  })

  test('of a request that never went out says so', () => {
    const run = savedRun('cut')
    const ended = run.events.find((event) => event.type === 'client_ended')
    if (ended?.type === 'client_ended') Object.assign(ended, { request: null, response: null })
    expect(entryOf(run)).toMatchObject({ request: { comment: 'not sent', headersSize: -1, bodySize: 0 }, response: { status: 0, headers: [], headersSize: -1, bodySize: 0, content: { size: 0 } } })
  })

  test('an answer that broke off has no text', () => {
    const run = savedRun('completed')
    const ended = run.events.find((event) => event.type === 'client_ended')
    if (ended?.type === 'client_ended') Object.assign(ended, { complete: false, response: { version: '1.1', reason: 'OK', headers: [], headBytes: 19, bodyBytes: 4 } })
    const { content } = entryOf(run).response
    expect(content).toEqual({ size: 4, mimeType: '' })
  })

  test('begins where its request began, on a kept connection later than the run', () => {
    const run = savedRun('completed')
    const whole = run.record.spans.find((span) => span.id === 'client')
    const connect = run.record.spans.find((span) => span.id === 'client/connect')
    if (!whole || !connect) throw new Error('the run has no client')
    whole.startMs = connect.startMs = connect.endMs = 1.5
    const entry = entryOf(run)
    expect(Date.parse(entry.startedDateTime)).toBe(Math.trunc(Date.parse(run.record.startedAt) + 1.5))
    expect(phasesOf(entry)).toBeCloseTo(run.record.elapsedMs - 1.5, 2)
    expect(entry.time).toBeCloseTo(phasesOf(entry), 6)
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

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('CSV: a name that begins like %j is no formula', (name) => {
  const run = mapTexts(savedRun('cut'), (text, key) => key === 'name' && text.endsWith('.py') ? name : text)
  expect(exported('csv', run).split('\r\n')[1] ?? '').toMatch(/^[^,]*,[^,]*,"?'/)
})

describe('stacks for other programs', () => {
  test('speedscope: a profile per thread, every frame in the table, all weights positive', () => {
    const file = JSON.parse(exported('speedscope', sampledRun()))
    expect(file.$schema).toBe('https://www.speedscope.app/file-format-schema.json')
    expect(file.profiles.map((profile: { name: string }) => profile.name)).toEqual(['main', 'poller; of <b>', 'process 900'])
    for (const profile of file.profiles) {
      expect(profile).toMatchObject({ type: 'sampled', unit: 'milliseconds' })
      expect(profile.samples).toHaveLength(profile.weights.length)
      expect(profile.endValue).toBeGreaterThanOrEqual(profile.startValue)
      expect(Math.min(...profile.weights)).toBeGreaterThanOrEqual(0)
      for (const frame of profile.samples.flat()) expect(file.shared.frames[frame]).toMatchObject({ name: expect.any(String), file: expect.any(String), line: expect.any(Number) })
    }
    expect(file.profiles[0].samples[0].map((frame: number) => file.shared.frames[frame].name)).toEqual(['transform', 'fetch_rate'])
  })

  test('collapsed: one line per stack, weights in whole microseconds, separators only where they separate', () => {
    const lines = exported('collapsed', sampledRun()).trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^[^;]+(?:;[^;]+)* \d+$/)
    expect(lines[0]).toMatch(/^transform \(.*enrich_orders\.py:15\);fetch_rate \(.*:8\) \d+$/)
    expect(lines.at(-1)).toContain('json,x')
  })

  test('trace: calls of each thread lie inside each other, and its name is told', () => {
    const events: TraceEvent[] = JSON.parse(exported('trace', sampledRun())).traceEvents
    const names = new Map(events.filter((event) => event.name === 'thread_name').map((event) => [event.args?.name, event.tid]))
    for (const name of ['python: main', 'python: main, state', 'python: poller; of <b>', 'python: process 900']) expect([...names.keys()]).toContain(name)
    const calls = events.filter((event) => event.cat === 'stack' && event.tid === names.get('python: main'))
    expect(calls.map(({ name }) => name)).toContain('fetch_rate')
    for (const a of calls) {
      for (const b of calls) expect(a === b || a.ts + a.dur! <= b.ts || b.ts + b.dur! <= a.ts || (a.ts <= b.ts && a.ts + a.dur! >= b.ts + b.dur!) || (b.ts <= a.ts && b.ts + b.dur! >= a.ts + a.dur!)).toBe(true)
    }
    for (const event of events) expect(Number.isInteger(event.ts) && (event.dur === undefined || (Number.isInteger(event.dur) && event.dur >= 0))).toBe(true)
  })
})

describe('HTML report', () => {
  test('says where Python was: lines with their text, the split, imports, the last stack, the traceback', () => {
    const page = exported('html', sampledRun())
    for (const part of ['Where was the script?', 'enrich_orders.py:8', 'API_KEY = &quot;[redacted]&quot;; pass', 'asleep', '<code>json</code> 5.5 ms', 'Last stack taken at the cut']) expect(page).toContain(part)
    expect(exported('html', savedRun('failed'))).toMatch(/<h3>Traceback<\/h3><pre>Traceback \(most recent call last\):\n[^]*KeyError: &#39;GBP&#39;/)
    expect(exported('html', savedRun('completed'))).not.toContain('Where was the script?')
  })

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

  test('does not promise of the JSON export what that has left out itself', () => {
    const run = savedRun('completed')
    const page = exported('html', { ...run, log: Array.from({ length: 100_000 }, () => 'printed'), leftOut: { from: 25_000, lines: 40_000 } })
    expect(page).toContain('99,000 lines left out; the JSON export has all but 40,000 of them')
    expect(page).not.toContain('has all of them')
  })
  test('writes out what cannot be seen, as the log does, and drops commands for terminals', () => {
    const run = savedRun('cut')
    const named = { ...run.record, plan: { ...run.record.plan, script: { ...run.record.plan.script, name: 'a\u202egpj.py' } } }
    const page = exported('html', { ...run, record: named, log: ['\u001b[31mred\u001b[0m \u0007bell \u001b]0;title\u0007\u001b[2Kafter \u001b \u202eturned'] })
    expect(page).toContain('red ‹\\x07›bell after ‹\\x1b› ‹\\u202e›turned')
    expect(page).toContain('<title>a‹\\u202e›gpj.py: ')
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  })
})
