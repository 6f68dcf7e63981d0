import { create } from 'zustand'
import type { RunRecord } from '../../shared/run/record.ts'
import { call } from './engine.ts'
import { checkStore } from './history.ts'
import { useRun } from './run.ts'

/** The record of the run on the screen, once it has ended: it holds what events do not, the output. */
export const useRecord = create<{ record: RunRecord | null }>(() => ({ record: null }))

/** The record is made a moment after the end has been told (ms). */
const askEveryMs = 60
const patienceMs = 5000

/** Asks for the record of every run that ends on the screen; called once. */
export function followRecord(): void {
  useRun.subscribe((state, before) => {
    if (state.runId !== before.runId) useRecord.setState({ record: null })
    if (state.phase !== 'ended' || state.runId === null || (before.phase === 'ended' && before.runId === state.runId)) return
    const { runId } = state
    const until = performance.now() + patienceMs
    const ask = () => {
      call('runRecord', runId).then((record) => {
        if (useRun.getState().runId !== runId) return
        if (record) { useRecord.setState({ record }); void nameRun(runId) }
        else if (performance.now() < until) setTimeout(ask, askEveryMs)
      }, () => {})
    }
    ask()
  })
}

/** The history gives every run a number: what people call it. It is there a moment after the record is; where it does not come, the store says why. */
async function nameRun(runId: string): Promise<void> {
  const until = performance.now() + patienceMs
  while (useRun.getState().runId === runId && performance.now() < until) {
    const page = await call('historyList', { count: 8 }).catch(() => null)
    const row = page?.runs.find((candidate) => candidate.id === runId)
    if (row && useRun.getState().runId === runId) useRun.setState({ number: row.number })
    if (row) return
    if (!page) break
    await new Promise((resolve) => { setTimeout(resolve, askEveryMs) })
  }
  await checkStore()
}
