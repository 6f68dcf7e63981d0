import { setTimeout as wait } from 'node:timers/promises'
import type { RunPlan } from '../../../shared/run/plan.ts'
import { draftOf, keptRuns, printOf, textOf, type Promises } from './promises.ts'
import type { ServedEngine } from './served-engine.ts'

export interface Work {
  promises: Promises
  random: () => number
  scriptPath: string
  /** Ends by itself within a moment. */
  quick: RunPlan
  /** Is running whenever the kill comes. */
  long: RunPlan
}

/** Everything at once that people do, until the engine is gone: typing, saving, running, pinning, pruning. */
export async function workUntilGone(engine: ServedEngine, work: Work): Promise<void> {
  await Promise.all([type, save, runLong, runQuick, runQuick, prune].map((act) => act(engine, work).catch(() => undefined)))
}

async function type(engine: ServedEngine, { promises: { draft }, random }: Work): Promise<void> {
  for (;;) {
    const number = ++draft.sent
    await engine.call('saveDraft', draftOf(number))
    draft.acknowledged = number
    await wait(random() * 15)
  }
}

async function save(engine: ServedEngine, { promises: { file }, random, scriptPath }: Work): Promise<void> {
  for (;;) {
    const number = ++file.sent
    await engine.call('writeScript', scriptPath, textOf(number))
    file.acknowledged = number
    await wait(random() * 25)
  }
}

async function runQuick(engine: ServedEngine, { promises, random, quick }: Work): Promise<void> {
  for (;;) {
    const { runId } = await engine.call('startRun', quick)
    for (let kept = null; kept === null; await wait(5)) {
      kept = await engine.call('historyGet', runId)
      if (kept) promises.runs.set(runId, { print: printOf(kept.record), number: kept.number, lines: kept.record.log.lines })
    }
    if (random() < 0.1 && await engine.call('historyPin', runId, true)) promises.pinned.add(runId)
  }
}

async function runLong(engine: ServedEngine, { long }: Work): Promise<void> {
  await engine.call('startRun', long)
}

async function prune(engine: ServedEngine, { random }: Work): Promise<void> {
  for (;;) {
    await engine.call('setRetention', { runs: keptRuns, bytes: 2 ** 30 })
    await wait(random() * 60)
  }
}
