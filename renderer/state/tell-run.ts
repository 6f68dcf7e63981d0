import { stageIds } from '../../shared/flow/layers.ts'
import type { Run } from '../../shared/run/fold-run.ts'
import { announce } from './announcer.ts'
import { isLive, useRun } from './run.ts'
import { judgeRun } from './verdict.ts'

const outcomeWords = { cut: 'Cut', failed: 'Failed', completed: 'Completed' } as const
/** A run ends this soon after its client (ms), and then more is known; one that goes on for nobody is told without that. */
const settleMs = 500

/** Tells a screen reader how a run goes: the stages as they are reached, then the verdict. Called once. */
export function tellRuns(): void {
  let told = { runId: null as string | null, stages: 0, verdict: '' }
  let waiting: ReturnType<typeof setTimeout> | undefined
  const tellVerdict = () => {
    clearTimeout(waiting)
    waiting = undefined
    const { run, runId } = useRun.getState()
    const verdict = verdictOf(run)
    if (runId !== told.runId || verdict === told.verdict) return
    told.verdict = verdict
    announce(verdict)
  }
  useRun.subscribe((state, before) => {
    const { runId, run } = state
    if (runId === null || (state.version === before.version && runId === before.runId)) return
    // A run that is opened is told by what opens it.
    if (runId !== told.runId) told = { runId, stages: isLive(state) ? 0 : stageIds.length, verdict: isLive(state) ? '' : verdictOf(run) }
    const reached = stageIds.filter((id) => run.stages[id])
    const fresh = reached.slice(told.stages)
    told.stages = Math.max(told.stages, reached.length)
    if (fresh.length > 0) announce(fresh.map((id) => id.replaceAll('_', ' ')).join(', '))
    if (run.ended) tellVerdict()
    else if (run.client !== null) waiting ??= setTimeout(tellVerdict, settleMs)
  })
}

function verdictOf(run: Run): string {
  const judged = judgeRun(run)
  return judged ? `${outcomeWords[judged.outcome]}: ${judged.verdict.headline}` : ''
}
