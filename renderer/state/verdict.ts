import { outcomeOfCause } from '../../shared/verdict/causes.ts'
import { explainRun } from '../../shared/verdict/index.ts'
import type { Verdict } from '../../shared/verdict/verdict.ts'
import type { Run } from '../../shared/run/fold-run.ts'
import { visibleValue } from '../../shared/text/visible-text.ts'
import { useRun } from './run.ts'

export type Outcome = 'completed' | 'failed' | 'cut'
export interface Judged { verdict: Verdict; outcome: Outcome }

let last: { run: Run; key: string; judged: Judged } | null = null

/** The verdict as soon as there is one: when the client has its answer or has left, and again when everything ended. */
export function judgeRun(run: Run): Judged | null {
  if (!run.ended && run.client === null) return null
  const key = `${run.ended}:${run.client?.seq}`
  if (last?.run !== run || last.key !== key) {
    // It speaks in the script's words, which may hold anything.
    const verdict = visibleValue(explainRun(run))
    last = { run, key, judged: { verdict, outcome: outcomeOfCause(verdict.cause) } }
  }
  return last.judged
}

/** The verdict of the run on the screen; null before there is one. */
export function useVerdict(): Judged | null {
  return useRun((state) => judgeRun(state.run))
}

/** The instant of the cut on the run's clock: when the cause acted; null when nothing was cut. */
export function cutMsOf(judged: Judged | null): number | null {
  return judged && judged.outcome === 'cut' ? judged.verdict.atMs : null
}
