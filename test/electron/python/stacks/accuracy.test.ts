import { afterAll, expect, test } from 'vitest'
import { createScriptRunner } from '../../../../electron/python/runner.ts'
import { isComputing } from '../../../../shared/stacks/times.ts'
import { timelineOf, type Stretch } from '../../../../shared/stacks/timeline.ts'
import { machinePython, runScript } from '../run-script.ts'
import { scriptOf } from './pythons.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())
const script = scriptOf('accuracy.py')
const marks = ['computing', 'sleeping', 'c_call'] as const
type Interval = { mark: string; startMs: number; endMs: number }

/** Longer ones (ms) are times in which a busy machine let nobody look; what is said of them is not measured. At 100 Hz one is 10. */
const longestStretchMs = 25

/** Percent of the time looked at: what the samples say, and what the script's own clock says of the very same time. */
function shares(stretches: readonly Stretch[], truth: readonly Interval[]): Record<string, { sampled: number; truly: number }> {
  const begin = Math.min(...truth.map(({ startMs }) => startMs))
  const end = Math.max(...truth.map(({ endMs }) => endMs))
  const looked = stretches.filter(({ startMs, endMs }) => startMs >= begin && endMs <= end && endMs - startMs <= longestStretchMs)
  const lookedMs = looked.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  expect(lookedMs, 'most of the time is looked at').toBeGreaterThan((end - begin) / 2)
  const sampledMs = (is: (stretch: Stretch) => boolean) => looked.filter(is).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  const trueMs = (is: (interval: Interval) => boolean) => truth.filter(is).reduce((sum, one) => sum + looked.reduce((within, other) => within + Math.max(0, Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs)), 0), 0)
  const percent = (ms: number) => (ms / lookedMs) * 100
  return {
    ...Object.fromEntries(marks.map((mark) => [mark, {
      sampled: percent(sampledMs(({ frames }) => frames.find(({ file }) => file === script.path)?.line === script.lineOf(mark))), truly: percent(trueMs((one) => one.mark === mark)),
    }])),
    'either kind of computing': { sampled: percent(sampledMs(({ state }) => isComputing(state))), truly: percent(trueMs((one) => one.mark !== 'sleeping')) },
  }
}

test.each(['main', 'threads', 'processes'])('the share of each line is within 3 points of what the script measured itself: %s', async (where) => {
  await runner.warm(machinePython)
  const ran = await runScript(runner, script.path, { input: { where, seconds: 2 } })
  const truth = ran.result() as Record<string, [string, string, string][]>
  expect(Object.keys(truth)).toHaveLength(where === 'main' ? 1 : 2)
  const timeline = timelineOf(ran.events)
  expect(timeline.method).toBe('external')
  for (const [thread, record] of Object.entries(truth)) {
    const intervals = record.map(([mark, start, end]) => ({ mark, startMs: ran.msOf(BigInt(start)), endMs: ran.msOf(BigInt(end)) }))
    const found = shares(timeline.stretches.filter((stretch) => stretch.thread === Number(thread)), intervals)
    // Where threads wait for each other's interpreter lock, a line's time is its own, but not its state.
    const judged = Object.entries(found).filter(([name]) => where !== 'threads' || name !== 'either kind of computing')
    for (const [name, { sampled, truly }] of judged) expect(Math.abs(sampled - truly), `${name}: ${JSON.stringify(found)}`).toBeLessThanOrEqual(3)
  }
})
