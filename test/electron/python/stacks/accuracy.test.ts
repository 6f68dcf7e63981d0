import { afterAll, expect, test } from 'vitest'
import { createScriptRunner } from '../../../../electron/python/runner.ts'
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
/** So much of it (ms) has to be left for a share to mean anything. */
const leastMs = 1000

/** Percent of the time looked at: what the samples say, and what the script's own clock says of the very same time. Null: too little was looked at. */
function shares(stretches: readonly Stretch[], truth: readonly Interval[]): Record<string, { sampled: number; truly: number }> | null {
  const begin = Math.min(...truth.map(({ startMs }) => startMs))
  const end = Math.max(...truth.map(({ endMs }) => endMs))
  const looked = stretches.filter(({ startMs, endMs }) => startMs >= begin && endMs <= end && endMs - startMs <= longestStretchMs)
  const lookedMs = looked.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  if (lookedMs < leastMs) return null
  const sampledMs = (is: (stretch: Stretch) => boolean) => looked.filter(is).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  const trueMs = (is: (interval: Interval) => boolean) => truth.filter(is).reduce((sum, one) => sum + looked.reduce((within, other) => within + Math.max(0, Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs)), 0), 0)
  const percent = (ms: number) => (ms / lookedMs) * 100
  return Object.fromEntries(marks.map((mark) => [mark, {
    sampled: percent(sampledMs(({ frames }) => frames.find(({ file }) => file === script.path)?.line === script.lineOf(mark))), truly: percent(trueMs((one) => one.mark === mark)),
  }]))
}

/** By thread, the shares of its lines in a run of so many seconds. */
async function measured(where: string, seconds: number): Promise<ReturnType<typeof shares>[]> {
  await runner.warm(machinePython)
  const ran = await runScript(runner, script.path, { input: { where, seconds } })
  const truth = Object.entries(ran.result() as Record<string, [string, string, string][]>)
  expect(truth).toHaveLength(where === 'main' ? 1 : 2)
  const timeline = timelineOf(ran.events)
  expect(timeline.method).toBe('external')
  return truth.map(([thread, record]) => shares(
    timeline.stretches.filter((stretch) => stretch.thread === Number(thread)),
    record.map(([mark, start, end]) => ({ mark, startMs: ran.msOf(BigInt(start)), endMs: ran.msOf(BigInt(end)) })),
  ))
}

test.each(['main', 'threads', 'processes'])('the share of each line is within 3 points of what the script measured itself: %s', async (where) => {
  let found = await measured(where, 2)
  // A machine with little time for the sampler is looked at for longer.
  if (found.includes(null)) found = await measured(where, 10)
  for (const thread of found) {
    expect(thread, `at least ${leastMs} ms are looked at`).not.toBeNull()
    for (const [name, { sampled, truly }] of Object.entries(thread ?? {})) expect(Math.abs(sampled - truly), `${name}: ${JSON.stringify(thread)}`).toBeLessThanOrEqual(3)
  }
}, 60_000)
