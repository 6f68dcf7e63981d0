import { describe, expect, test } from 'vitest'
import type { LogRow } from '../../../shared/bridge/contract.ts'
import type { KeptRun } from '../../../shared/run/history.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { toRecord } from '../../../shared/run/to-record.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'
import type { RunEvent } from '../../../shared/run/event.ts'
import { compareLanes } from '../../../renderer/features/history/compare-lanes.ts'
import { loneLines } from '../../../renderer/features/history/compare-lines.ts'
import { comparedLines, compareLogs } from '../../../renderer/features/history/compare-logs.ts'
import { placeFiredLabel } from '../../../renderer/features/history/fired-label.ts'
import { compareRuns } from '../../../renderer/features/history/compare-runs.ts'
import { whenOf } from '../../../renderer/ui/when.ts'
import { inputFieldsOf, outputFieldsOf } from '../../../shared/run/exact-json.ts'
import { classicEvents, classicPlan } from '../classic-run.ts'

function kept(number: number, events: RunEvent[]): KeptRun {
  return { number, pinned: false, record: toRecord(foldRun(events), { output: null, logLines: 3 }), events, eventFormat: 1 }
}

/** The same without a client limit: it completes after 2 071 ms. */
function completedEvents(): RunEvent[] {
  const until = classicEvents().filter((event) => event.atMs < 490 && !('limitId' in event && event.limitId === 'client.total'))
  const events = until.map((event) => (event.type === 'run_started' ? { ...event, runId: 'r2', plan: classicPlan({ limits: classicPlan().limits.filter((limit) => limit.id !== 'client.total') }) } : event))
  const at = (atMs: number, body: object) => events.push({ ...body, atMs, seq: events.length } as RunEvent)
  at(2068, { type: 'stage', stage: 'script_finished', detail: 'completed' })
  at(2068, { type: 'process_exited', exit: { exitCode: 0, signal: null, wallMs: 2063, cpuMs: 51, maxRssBytes: 31 * 1024 ** 2 }, leftovers: 0 })
  for (const spanId of ['python.transform', 'python', 'connector', 'gateway', 'client']) at(2070, { type: 'span_ended', spanId, status: 'ok' })
  at(2071, { type: 'stage', stage: 'response_returned' })
  at(2071, { type: 'client_ended', status: 200, bytes: 96, ended: 'fin', complete: true, error: null })
  at(2080, { type: 'run_ended' })
  return events
}

const a = kept(412, classicEvents())
const b = kept(411, completedEvents())

describe('comparing two runs', () => {
  const comparison = compareRuns(a, b)
  const row = (name: string) => comparison.sections.flatMap((section) => section.rows).find((one) => one.name === name)
  test('the headline names the one difference that decides it', () => {
    expect(comparison.headline).toBe('One difference decides it: A has client.total 500 ms, B has none.')
    expect(comparison.sub).toContain('A was cut by client.total')
  })
  test('what differs beyond noise is marked, the rest is not', () => {
    expect(row('client.total')).toMatchObject({ delta: 'removed', differs: true })
    const limits = comparison.sections.find((section) => section.title === 'Limits')?.rows
    expect(limits?.find((one) => one.name === 'client.total')).toEqual({ name: 'client.total', a: '500 ms, fired', b: 'no limit', delta: 'fired in A', differs: true })
    expect(limits?.find((one) => one.name === 'gateway.write')).toMatchObject({ a: expect.stringMatching(/^30 s, .* left$/), delta: 'same', differs: false })
    expect(row('request_received')).toMatchObject({ delta: 'same', differs: false })
    expect(row('script_finished')).toMatchObject({ differs: true })
    expect(row('response_returned')).toMatchObject({ a: 'not reached', delta: 'only in B', differs: true })
    expect(row('CPU time')).toMatchObject({ delta: '+8.0 ms, noise', differs: false })
  })
  test('inputs and outputs that differ in a number beyond 2^53 only differ; an older run that does not know how a number was written does not', () => {
    const gave = (text: string) => ({ ...b, record: { ...b.record, ...outputFieldsOf(text), plan: { ...b.record.plan, ...inputFieldsOf(text) } } })
    const rows = (left: KeptRun, right: KeptRun) => compareRuns(left, right).sections.flatMap((section) => section.rows).filter((one) => one.differs)
    expect(rows(gave('{"id": 9007199254740993}'), gave('{"id": 9007199254740992}')).map(({ name, a: left, b: right }) => [name, left, right])).toEqual([
      ['input', '{"id":9007199254740993}', '{"id":9007199254740992}'], ['output', '{"id":9007199254740993}', '{"id":9007199254740992}'], ['id', '9007199254740993', '9007199254740992'],
    ])
    const { outputText: _, ...older } = gave('[1.0]').record
    expect(rows(gave('[1.0]'), { ...b, record: older })).toEqual([])
  })
  test('what is the same names the script only where that is the same', () => {
    expect(row('the rest of the plan')?.a).toBe(`${a.record.plan.script.name}, 6 limits`)
    const other = { ...b, record: { ...b.record, plan: { ...b.record.plan, script: { ...b.record.plan.script, name: 'other.py' } } } }
    expect(compareRuns(a, other).sections[0]?.rows.at(-1)).toMatchObject({ name: 'the rest of the plan', a: '6 limits' })
  })
  test('the words beside a limit that fired stand behind the bar of its own run, else in the row of the other', () => {
    expect(placeFiredLabel({ run: 'b', x: 2, barsEnd: 4, textWidth: 90, end: 500 })).toEqual({ x: 10, textAnchor: 'start', row: 'b' })
    expect(placeFiredLabel({ run: 'a', x: 340, barsEnd: 348, textWidth: 90, end: 500 })).toEqual({ x: 354, textAnchor: 'start', row: 'a' })
    expect(placeFiredLabel({ run: 'a', x: 450, barsEnd: 458, textWidth: 90, end: 500 })).toEqual({ x: 444, textAnchor: 'end', row: 'b' })
  })
  test('lines that only one of them wrote are told without colours, with control characters to be seen', () => {
    const wrote = (text: string): LogRow[] => [{ line: 0, atMs: 12, source: 'stdout', level: null, text, cut: false, fields: null }]
    const { sections } = compareRuns(a, b, { a: wrote('\u001b[31mred\u001b[0m\u0007'), b: wrote('other') })
    expect(sections.find((section) => section.title === 'Log')?.rows.map((one) => [one.a, one.b])).toEqual([['12.0 ms: red‹\\x07›', ''], ['', '12.0 ms: other']])
  })
  test('a run differs from itself in nothing', () => {
    const same = compareRuns(a, a)
    expect(same.differences).toBe(0)
    expect(same.headline).toBe('Nothing differs beyond noise.')
  })
  test('a script that was changed between them is the difference, with its lines', () => {
    const running = (script: RunPlan['script']) => kept(412, classicEvents().map((event) => (event.type === 'run_started' ? { ...event, plan: { ...event.plan, script } } : event)))
    const withText = (onDisk: string) => running({ path: '/s.py', name: 's.py', text: null, onDisk })
    const changed = compareRuns(withText('import time\ntime.sleep(2)\nend\n'), withText('import time\ntime.sleep(1)\nend\n'))
    expect(changed.headline).toBe('One difference in the plan, and the same end: the script was changed between them.')
    expect(changed.sections.find((section) => section.title === 'Script')?.rows.map(({ name, a: left, b: right }) => [name, left, right])).toEqual([['line 2', 'time.sleep(2)', ''], ['line 2', '', 'time.sleep(1)']])
    const unknown = running({ path: '/s.py', name: 's.py', text: null })
    expect(JSON.stringify(withText('import time').record)).not.toContain('import time')
    expect(compareRuns(unknown, unknown).sections[0]?.rows.find((one) => one.name === 'script text')).toMatchObject({ a: 'not kept', delta: 'not known', differs: false })
  })
  test('swapped, the signs turn round', () => {
    expect(compareRuns(b, a).headline).toBe('One difference decides it: A has client.total no limit, B has 500 ms.')
  })
  test('both stand on one axis, limits that both have are drawn once', () => {
    const lanes = compareLanes(a, b, 'request')
    expect(lanes.lanes.map((lane) => lane.layer)).toEqual(['client', 'gateway', 'connector', 'python'])
    expect(lanes.deadlines.filter((mark) => mark.label.startsWith('write'))).toHaveLength(1)
    expect(lanes.deadlines.some((mark) => mark.label.startsWith('read'))).toBe(false)
    expect(compareLanes(a, b, 'script').lanes.find((lane) => lane.layer === 'python')?.bars.every((bar) => Math.abs(bar.startMs) < 0.001)).toBe(true)
  })
})

test('days near by have words', () => {
  const now = new Date(2026, 4, 3, 15, 0, 0)
  expect(whenOf(new Date(2026, 4, 3, 14, 32, 7).toISOString(), now)).toBe('today 14:32:07')
  expect(whenOf(new Date(2026, 4, 2, 23, 59, 0).toISOString(), now)).toBe('yesterday 23:59:00')
  expect(whenOf(new Date(2026, 3, 2, 8, 5, 0).toISOString(), now)).toBe('2 Apr 08:05')
  expect(whenOf('nonsense', now)).toBe('')
})

test('lines of long texts are told apart at little cost, and not at any', () => {
  const long = Array.from({ length: 20_000 }, (_, index) => `line ${index}`)
  expect(loneLines(long, long.toSpliced(9000, 1, 'other'))).toEqual([{ run: 'a', index: 9000 }, { run: 'b', index: 9000 }])
  expect(loneLines(long, long.map((text) => `${text}.`))).toBeNull()
})

describe('two logs', () => {
  const row = (line: number, text: string, source: LogRow['source'] = 'stdout'): LogRow => ({ line, atMs: line * 10, source, level: null, text, cut: false, fields: null })
  test('differ in the lines that only one of them has, in order; numbers that change from run to run are no difference', () => {
    const found = compareLogs([row(0, 'connecting port=40001'), row(1, 'one'), row(2, 'total limit reached', 'client')], [row(0, 'connecting port=40377'), row(1, 'two'), row(2, 'one'), row(3, 'answer received', 'client')])
    expect(found.map(({ run, row: { text } }) => `${run} ${text}`)).toEqual(['b two', 'a total limit reached', 'b answer received'])
  })
  test('that are empty or the same do not differ, and long ones are compared at their beginning', () => {
    expect(compareLogs([], [])).toEqual([])
    const long = Array.from({ length: comparedLines + 5 }, (_, index) => row(index, 'same'))
    expect(compareLogs(long, long.slice(0, comparedLines))).toEqual([])
  })
})
