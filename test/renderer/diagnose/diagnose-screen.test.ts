import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runDiagnose } from '../../../electron/diagnose/run-diagnose.ts'
import { flowOf } from '../../../renderer/features/diagnose/flow-of.ts'
import { labelPlaces } from '../../../renderer/features/diagnose/label-places.ts'
import { limitRows, meaningOfValue, stateOf } from '../../../renderer/features/diagnose/limit-rows.ts'
import { firingWords } from '../../../shared/diagnose/ladder.ts'
import { mendOf, roundedUp, writtenAs } from '../../../renderer/features/diagnose/mend.ts'
import { parseElapsed, noSaw, sawObject } from '../../../renderer/features/diagnose/saw-object.ts'
import { culpritParts, partsOfEvidence, repeatedNames, shortPlace } from '../../../renderer/features/diagnose/texts.ts'
import { waterfallOf } from '../../../renderer/features/diagnose/waterfall-lanes.ts'
import { visibleText, visibleValue } from '../../../shared/text/visible-text.ts'
import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { parseObservations } from '../../../shared/diagnose/observe/parse-observation.ts'

const evidence = join(import.meta.dirname, '../../fixtures/evidence')
const both = (id: string) => runDiagnose({ paths: [join(evidence, 'configs', id), join(evidence, 'logs', id)] })
let chain: Diagnosis
let go: Diagnosis
beforeAll(async () => {
  chain = await both('chain-haproxy-server-500')
  go = await both('via-nginx-go-WriteTimeout')
})

describe('the flow', () => {
  test('rings the culprit with its setting and its instant, and names who else is there', () => {
    const flow = flowOf(chain)
    expect(flow.filter((step) => step.culprit)).toMatchObject([{ node: 'proxy', what: 'HAProxy timeout server fires', when: '504.0 ms' }])
    expect(flow.find((step) => step.node === 'python')).toMatchObject({ absent: false, what: 'Node' })
    expect(flow.find((step) => step.node === 'client')).toMatchObject({ absent: true })
  })
  test('names the cause where no setting is known to have fired', async () => {
    const left = await runDiagnose({ paths: [join(evidence, 'logs/chain-haproxy-server-500/access_ext.log')] })
    expect(flowOf(left).find((step) => step.culprit)).toMatchObject({ node: 'client', what: 'client.canceled' })
  })
  test('without a cut rings nobody', async () => {
    expect(flowOf(await both('chain-ok')).some((step) => step.culprit)).toBe(false)
  })
})

describe('the waterfall', () => {
  test('has a lane per hop, and the deadline that fired in the lane of who owns it', () => {
    const fall = waterfallOf(chain)
    expect(fall.lanes.map((lane) => lane.name).toSorted()).toEqual(['HAProxy', 'Node', 'nginx'])
    expect(fall.lanes.find((lane) => lane.name === 'HAProxy')?.deadlines).toMatchObject([{ atMs: 500, fired: true, label: 'timeout server 500 ms' }])
    expect(fall.lanes.find((lane) => lane.name === 'nginx')?.deadlines).toMatchObject([{ atMs: 60_000, fired: false }])
    expect(fall.cutMs).toBe(500)
    expect(fall.endMs).toBeGreaterThan(2000)
  })
  test('no bar begins before the request, however coarse its clock', () => {
    const nginx = waterfallOf(chain).lanes.find((lane) => lane.name === 'nginx')?.bar
    expect(nginx?.startMs).toBe(0)
    expect(nginx?.endMs).toBeGreaterThanOrEqual(500)
  })
  test('of a request that nobody is known to have cut has no cut in it', async () => {
    expect(waterfallOf(await both('chain-ok'))).toMatchObject({ cutMs: null, lanes: [{ name: 'nginx' }, { name: 'Node' }] })
  })
  test('of configurations alone draws the deadlines', async () => {
    const fall = waterfallOf(await runDiagnose({ paths: [join(evidence, 'configs/chain-haproxy-server-500')] }))
    expect(fall.lanes.map((lane) => [lane.name, lane.bar])).toEqual([['HAProxy', null], ['nginx', null]])
  })
})

describe('the limits', () => {
  test('stand in the order of firing, then those that end no waiting request', () => {
    const rows = limitRows(chain)
    expect(rows.slice(0, 2).map((row) => [row.rank, row.limit.directive, row.fired])).toEqual([[1, 'timeout server', true], [2, 'proxy_read_timeout', false]])
    expect(rows.slice(2).every((row) => row.rank === null)).toBe(true)
    expect(rows.slice(0, 2).map(stateOf)).toEqual(['fired', 'in force'])
  })
  test('a bare number says what it means, one with its unit does not repeat itself', () => {
    const limit = (directive: string) => chain.limits.find((candidate) => candidate.directive === directive)
    const bare = limit('timeout server')
    const named = limit('proxy_read_timeout')
    expect(bare && meaningOfValue(bare)).toBe('500 ms')
    expect(named && meaningOfValue(named)).toBe(null)
  })
  test('tell which fires first and second for any duration', () => {
    expect(firingWords(chain.limits, 100)).toBe('passes every deadline in these files.')
    expect(firingWords(chain.limits, 2000)).toContain('ended first by HAProxy timeout server, at 500 ms')
    expect(firingWords(chain.limits, 90_000)).toContain('nginx proxy_read_timeout would be next, at 60 s')
  })
})

describe('names of deadlines in a lane', () => {
  const widthOf = (text: string) => text.length * 5.6
  const spans = (marks: { x: number; label: string }[], room: Parameters<typeof labelPlaces>[1]) => labelPlaces(marks, room).flatMap((place) => (place ? [place.anchor === 'start' ? [place.x, place.x + widthOf(place.text)] : [place.x - widthOf(place.text), place.x]] : []))
  test('never run into each other or over the next line, however close they stand', () => {
    for (const gaps of [[0, 300, 600], [0, 40, 80], [500, 510, 520], [690, 695, 699], [10, 12, 690]]) {
      const marks = gaps.map((x, index) => ({ x, label: `proxy_read_timeout ${index}0 s` }))
      const taken = spans(marks, { from: 0, breakAt: null, to: 700 }) as [number, number][]
      for (const [index, [from, to]] of taken.entries()) {
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(700)
        if (index > 0) expect(from).toBeGreaterThanOrEqual(taken[index - 1]?.[1] ?? 0)
        for (const mark of marks) expect(mark.x <= from || mark.x >= to, `${gaps.join()}: ${from} to ${to} over ${mark.x}`).toBe(true)
      }
      expect(taken.length, gaps.join()).toBeGreaterThan(0)
    }
  })
  test('stay on their side of a break, and behind the bar', () => {
    expect(labelPlaces([{ x: 480, label: 'timeout 30 s' }], { from: 300, breakAt: 500, to: 700 })).toEqual([{ x: 475, anchor: 'end', text: 'timeout 30 s' }])
    expect(labelPlaces([{ x: 490, label: 'timeout 30 s' }], { from: 485, breakAt: 500, to: 700 })).toEqual([null])
  })
})

describe('the value that mends', () => {
  test('a bare number gets its unit', () => {
    const lint = chain.lints.find((candidate) => candidate.id.startsWith('unit-trap:'))
    expect(lint && mendOf(lint, chain)).toEqual({ directive: 'timeout server', file: 'haproxy.cfg', line: 11, value: '500s' })
  })
  test('an outer limit that ends first is raised above the inner one', async () => {
    const given = await runDiagnose({ paths: [], texts: [
      { file: 'nginx.conf', text: 'http { server { location / { proxy_pass http://app; proxy_read_timeout 30s; } } }\nevents {}\n' },
      { file: 'main.go', text: 'package main\nimport ("net/http"; "time")\nfunc main() {\n  s := &http.Server{Addr: ":1", WriteTimeout: 65 * time.Second}\n  s.ListenAndServe()\n}\n' },
    ] })
    const lint = given.lints.find((candidate) => candidate.id.startsWith('inner-above-outer:'))
    expect(lint && mendOf(lint, given)).toMatchObject({ directive: 'proxy_read_timeout', file: 'nginx.conf', value: '75s' })
  })
  test('is written as its product writes it', () => {
    expect(writtenAs({ product: 'Go', asWritten: '30 * time.Second' }, 70_000)).toBe('70 * time.Second')
    expect(writtenAs({ product: 'axios', asWritten: '5000' }, 70_000)).toBe('70000')
    expect(writtenAs({ product: 'gunicorn', asWritten: '30' }, 70_000)).toBe('70')
    expect(writtenAs({ product: 'nginx', asWritten: '30s' }, 70_000)).toBe('70s')
    expect(roundedUp(66_000)).toBe(70_000)
    expect(roundedUp(9_000_000)).toBe(10_800_000)
  })
  test('a note about a default has none', () => {
    for (const lint of go.lints) expect(mendOf(lint, go)).toBe(null)
  })
})

describe('what was seen', () => {
  test('becomes an observation that the command line reads as well', () => {
    const client = sawObject({ ...noSaw, status: '504', elapsed: '0.5 s', end: 'fin' })
    expect(client.ok && parseObservations(client.value)).toMatchObject([{ kind: 'http', status: 504, elapsedMs: 500, end: 'fin' }])
    const library = sawObject({ ...noSaw, observer: 'client-lib', error: 'requests.exceptions.ReadTimeout: Read timed out. (read timeout=0.5)\ncaused by x' })
    expect(library.ok && parseObservations(library.value)).toMatchObject([{ kind: 'client-lib', errors: expect.arrayContaining(['requests.exceptions.ReadTimeout: Read timed out. (read timeout=0.5)', 'caused by x']) }])
    const process = sawObject({ ...noSaw, observer: 'process', exitCode: '137', signal: 'SIGKILL', elapsed: '500' })
    expect(process.ok && parseObservations(process.value)).toMatchObject([{ kind: 'process', exitCode: 137, signal: 'SIGKILL', exitMs: 500 }])
  })
  test.each([
    ['nothing at all', {}, 'say at least'], ['a status that is none', { status: 'bad' }, 'no status'], ['a duration that is none', { status: '504', elapsed: 'soon' }, 'no duration'],
    ['a library without its error', { observer: 'client-lib' as const }, 'paste the error'], ['a process without its end', { observer: 'process' as const }, 'exit code'],
  ])('%s is refused with what is missing', (_, fields, problem) => {
    const made = sawObject({ ...noSaw, ...fields })
    expect(made.ok ? '' : made.problem).toContain(problem)
  })
  test.each([['500', 500], ['500 ms', 500], ['2,5s', 2500], ['1 min', 60_000], ['-1', null], ['1e9', null], ['', null]])('a duration of "%s"', (text, ms) => {
    expect(parseElapsed(text)).toBe(ms)
  })
})

describe('texts', () => {
  test('evidence is split into the line and what it means, brackets within either', () => {
    expect(partsOfEvidence('upstream timed out (110: Connection timed out) while (nothing came (for long))')).toEqual({ line: 'upstream timed out (110: Connection timed out) while', means: 'nothing came (for long)' })
    expect(partsOfEvidence('f(x)')).toEqual({ line: 'f(x)', means: null })
    expect(partsOfEvidence(')')).toEqual({ line: ')', means: null })
  })
  test('a headline is split around its culprit and is the same sentence again', () => {
    const parts = culpritParts(chain.verdict.headline, chain.verdict.product, 'proxy')
    expect(parts.word).toBe('HAProxy')
    expect(parts.before + parts.word + parts.after).toBe(chain.verdict.headline)
    expect(culpritParts('something odd', null, null).before).toBe('something odd')
  })
  test('a place is shortened to the file and its line', () => {
    expect(shortPlace('/etc/nginx/conf.d/api.conf', 14)).toBe('api.conf:14')
    expect(shortPlace('C:\\logs\\a.log', null)).toBe('a.log')
    const repeated = repeatedNames(['/etc/a/api.conf', '/etc/b/api.conf', '/etc/b/other.conf'])
    expect(['/etc/a/api.conf', '/etc/b/other.conf', 'api.conf'].map((file) => shortPlace(file, 3, repeated))).toEqual(['a/api.conf:3', 'other.conf:3', 'api.conf:3'])
  })
  test('control characters and marks of direction are made visible, line ends stay', () => {
    expect(visibleText('\u001b[31mred\u0000\u007f\u0085 \u202eabc\ttab\nnext')).toBe('‹\\x1b›[31mred‹\\x00\\x7f\\x85› ‹\\u202e›abc\ttab\nnext')
    expect(visibleValue({ text: ['\u0007'], ref: 'log:a\u0007:1', deep: { key: '\u0007', line: 3, none: null } })).toEqual({ text: ['‹\\x07›'], ref: 'log:a\u0007:1', deep: { key: '\u0007', line: 3, none: null } })
  })
})
