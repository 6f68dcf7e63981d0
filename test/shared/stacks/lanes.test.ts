import { describe, expect, test } from 'vitest'
import { traceExporterWith } from '../../../shared/export/trace.ts'
import type { StackSample, StackTables } from '../../../shared/run/event.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { toRecord } from '../../../shared/run/to-record.ts'
import { laneOf } from '../../../shared/stacks/lane.ts'
import { isOwnFile } from '../../../shared/stacks/own-file.ts'
import { stacksSummaryOf } from '../../../shared/stacks/summary.ts'
import { timelineOf } from '../../../shared/stacks/timeline.ts'
import { lineTimesOf, splitOf } from '../../../shared/stacks/times.ts'
import { toSpeedscope } from '../../../shared/stacks/to-speedscope.ts'
import { stackTracePart } from '../../../shared/stacks/trace-part.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'

const script = '/scripts/two_second_delay.py'
/** Stack 0: transform line 3. 1: sleep of a library called from transform line 4. 2: a worker's line 9. */
const tables: StackTables = {
  firstFrame: 0, frames: [[script, 'transform', 3], ['/usr/lib/python3.11/asyncio/tasks.py', 'sleep', 605], [script, 'transform', 4], [script, 'work', 9]],
  firstStack: 0, stacks: [[0], [1, 2], [3]],
}
const at = (atMs: number, thread: number, stack: number, state: StackSample['state'], pid?: number): StackSample => ({ atMs, thread, stack, state, ...(pid ? { pid } : {}) })
const events = eventsOf(
  planWith({}), [1, { type: 'process_started', pid: 70, python: 'python3', pythonVersion: '3.11.2', warm: true }],
  [10, {
    type: 'stack_samples', method: 'external', tables, torn: 2, lost: 1, threads: [[71, 'pool-1']],
    samples: [at(10, 71, 2, 'computing'), at(10, 70, 0, 'computing'), at(20, 71, 2, 'computing'), at(20, 70, 1, 'sleep'), at(30, 70, 1, 'sleep'), at(30, 90, 2, 'sleep', 90)],
  }],
  [40, { type: 'process_exited', leftovers: 0, exit: { exitCode: 0, signal: null, wallMs: 40, cpuMs: 30, maxRssBytes: 1 } }],
)
const timeline = timelineOf(events)

test('the main thread is the one with the number of the process, whatever comes first; others have the names the script gave them', () => {
  expect(timeline.threads).toEqual([
    { thread: 71, pid: 0, name: 'pool-1', main: false }, { thread: 70, pid: 0, name: 'main', main: true }, { thread: 90, pid: 90, name: 'process 90', main: false },
  ])
})

test('neighbouring stretches that say the same are one segment of the lane', () => {
  const lane = laneOf(timeline.stretches, { thread: 70, pid: 0 })
  expect(lane.map(({ startMs, endMs, state, samples }) => [startMs, endMs, state, samples])).toEqual([[10, 20, 'computing', 1], [20, 40, 'sleep', 2]])
})

test('while another thread computes the script computes, though its main thread is asleep', () => {
  const isMain = ({ thread }: { thread: number }): boolean => thread === 70
  expect(splitOf(timeline.stretches, isMain)).toMatchObject({ computingMs: 20, waitingMs: 10, byState: { computing: 20, sleep: 10 } })
})

test('time in a library belongs to the line of the script that called it', () => {
  const [first] = lineTimesOf(timeline.stretches, (file) => file === script)
  expect(first).toMatchObject({ line: 9, ownMs: 40 })
  expect(lineTimesOf(timeline.stretches, (file) => file === script).find(({ line }) => line === 4)).toMatchObject({ selfMs: 0, ownMs: 20, totalMs: 20 })
  expect(lineTimesOf(timeline.stretches, (file) => file === script).find(({ line }) => line === 605)).toMatchObject({ selfMs: 20, ownMs: 0 })
})

describe('own files', () => {
  const plan = { path: script, name: 'two_second_delay.py', text: null }
  test.each([
    [script, true], ['/scripts/helpers/json_tools.py', true], ['/tmp/draft-1/two_second_delay.py', true],
    ['/scripts/.venv/lib/python3.11/site-packages/requests/api.py', false], ['/usr/lib/python3.11/json/decoder.py', false], ['<string>', false],
  ])('%s: %s', (file, own) => { expect(isOwnFile(plan, file)).toBe(own) })
})

test('the summary tells the rate got, what did not hold up, and imports in the order they began', () => {
  const imported = (module: string, startMs: number, totalMs: number, depth: number) => ({ type: 'imported', module, startMs, selfMs: 1, totalMs, depth }) as const
  const summary = stacksSummaryOf([...events, ...eventsOf(planWith({}), [15, imported('inner', 11, 4, 1)], [20, imported('outer', 10, 10, 0)]).slice(1)])
  expect(summary).toMatchObject({ rate: 100, gotRate: 100, torn: 2, lost: 1 })
  expect(summary.imports.map(({ module, depth }) => [module, depth])).toEqual([['outer', 0], ['inner', 1]])
  expect(summary.lines.map(({ line }) => line)).toEqual([9, 4, 3, 605])
})

test('speedscope calls each profile by its thread', () => {
  expect(toSpeedscope(timeline.stretches, { name: 'run', version: '0', threads: timeline.threads }).profiles.map(({ name }) => name)).toEqual(['pool-1', 'main', 'process 90'])
})

test('in the trace calls are nested slices of their thread, and a thread beside it says what it was doing', () => {
  const run = foldRun(events)
  const record = toRecord(run, { output: null, logLines: 0 })
  const saved = { schema: 'cutoff.saved-run/1' as const, eventFormat: 1, record, events, log: [] }
  const { traceEvents } = JSON.parse(traceExporterWith([stackTracePart]).toText(saved, { exportedAt: '2026-01-01T00:00:00.000Z', version: '0' })) as { traceEvents: { name: string; cat?: string; ts: number; dur: number; tid: number; ph: string; args?: { name?: string } }[] }
  const tid = traceEvents.find(({ ph, args }) => ph === 'M' && args?.name === 'python: main')?.tid
  const slices = traceEvents.filter((event) => event.tid === tid && event.cat === 'stack').map(({ name, ts, dur }) => [name, ts, dur])
  expect(slices).toEqual([['transform', 10_000, 30_000], ['sleep', 20_000, 20_000]])
  expect(traceEvents.filter((event) => event.tid === tid! + 1 && event.cat === 'state').map(({ name, ts, dur }) => [name, ts, dur])).toEqual([['computing', 10_000, 10_000], ['asleep', 20_000, 20_000]])
})
