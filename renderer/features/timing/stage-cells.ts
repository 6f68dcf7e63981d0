import { stageIds, type StageId } from '../../../shared/flow/layers.ts'
import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { exactMs, groupedOf, tickingMs } from '../../ui/numbers.ts'
import type { Outcome } from '../../state/verdict.ts'

/** One stage as the strip shows it: always five, reached or not, with exact numbers. */
export interface StageCell { number: number; id: StageId; atMs: number | null; time: string; small: string; state: 'reached' | 'cut' | 'failed' | 'to_come' | 'not_reached' }

/** The strip's five cells. `outcome` colours the stage that shows the end of the script. */
export function stageCells(run: Run, outcome: Outcome | null, nowMs: number): StageCell[] {
  return stageIds.map((id, index) => {
    const stage = run.stages[id]
    const number = index + 1
    if (!stage) {
      const waiting = !run.ended
      const next = stageIds.findIndex((candidate) => !run.stages[candidate]) === index
      return { number, id, atMs: null, time: waiting ? (next && id === 'script_finished' ? 'running' : 'waiting') : 'not reached', small: waiting && next && run.spans.length > 0 ? `${tickingMs(nowMs)} so far` : '', state: waiting ? 'to_come' : 'not_reached' }
    }
    const bad = id === 'script_finished' && stage.detail !== undefined && stage.detail !== 'completed'
    return { number, id, atMs: stage.atMs, time: exactMs(stage.atMs), small: smallOf(run, id), state: bad ? (outcome === 'failed' || stage.detail === 'failed' ? 'failed' : 'cut') : 'reached' }
  })
}

/** What stands beside the number: who, the distance to the stage before, how it ended. */
function smallOf(run: Run, id: StageId): string {
  switch (id) {
    case 'request_received': return 'gateway'
    case 'connector_started': return `+${groupedOf((run.stages.connector_started?.atMs ?? 0) - (run.stages.request_received?.atMs ?? 0), 1)}`
    case 'script_started': return run.queueLeft && run.queueLeft.waitedMs >= 0.05 ? `queue ${run.queueLeft.waitedMs < 1000 ? groupedOf(run.queueLeft.waitedMs, 1) : formatMs(Math.round(run.queueLeft.waitedMs))}` : `+${groupedOf((run.stages.script_started?.atMs ?? 0) - (run.stages.connector_started?.atMs ?? 0), 1)}`
    case 'script_finished': return (run.stages.script_finished?.detail ?? '').replaceAll('_', ' ')
    case 'response_returned': return run.client?.status != null ? `${run.client.status}, ${formatBytes(run.client.bytes)}` : ''
  }
}
