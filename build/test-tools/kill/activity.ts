import { setTimeout as wait } from 'node:timers/promises'
import type { RunPlan } from '../../../shared/run/plan.ts'
import { draftOf, keptRuns, lastTexts, printOf, textOf, type Promises, type Typist } from './promises.ts'
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
  await Promise.all([typeInFirst, save, runLong, runQuick, runQuick, prune].map((act) => act(engine, work).catch(() => undefined)))
}

/** A window that started when the others were gone: what they had left stays beside what is typed in it. */
async function typeInFirst(engine: ServedEngine, work: Work): Promise<void> {
  const left = lastTexts(await engine.call('openDraft', { window: 'window-one', present: [] }))
  await Promise.all([typeAs('window-one', engine, work, left), typeAs('window-two', engine, work), typeAs('no-window', engine, work), openAgain(engine, work)])
}

async function typeAs(typist: Typist, engine: ServedEngine, { promises: { drafts }, random }: Work, left: readonly string[] = []): Promise<void> {
  const draft = drafts[typist]
  for (;;) {
    const number = ++draft.sent
    await engine.call('saveDraft', { ...draftOf([textOf(number, typist), ...left]), ...(typist === 'no-window' ? {} : { window: typist }) })
    draft.acknowledged = number
    await wait(random() * 15)
  }
}

/** A third window starts again and again, takes over what was saved without a window, and closes all but the last of it. */
async function openAgain(engine: ServedEngine, { random }: Work): Promise<void> {
  const window = 'window-three'
  for (;;) {
    const opened = await engine.call('openDraft', { window, present: ['window-one', 'window-two'] })
    await engine.call('saveDraft', { ...draftOf(lastTexts(opened, ['no-window'])), window })
    await wait(random() * 60)
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
