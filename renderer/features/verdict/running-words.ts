import type { Run } from '../../../shared/run/fold-run.ts'
import type { StackSegment } from '../../state/stacks.ts'
import type { LayerTone } from '../../ui/layers.ts'
import { tickingMs } from '../../ui/numbers.ts'
import type { NextLimit } from './next-limits.ts'

/** The headline while a run goes on, in pieces: `Your [script] is in fetch_rate, 17.6 s in. Two limits pass in 12.4 s.` */
export interface RunningWords { before: string; tone: LayerTone; word: string; after: string; next: string; nextIn: string }

/** What is going on, and what would happen next. Pure; the numbers are those of `nowMs`. */
export function runningWords(run: Run, nowMs: number, here: StackSegment | undefined, next: readonly NextLimit[]): RunningWords {
  const so = `, ${tickingMs(nowMs).replaceAll(' ', '\u00a0')}\u00a0in.`
  const first = next[0]
  const together = first ? next.filter((limit) => limit.atMs - first.atMs < 50).length : 0
  const passes = first ? { next: together > 1 ? `${['Two', 'Three', 'Four'][together - 2] ?? together} limits pass in ` : `${first.limitId} passes in `, nextIn: tickingMs(first.inMs) } : { next: 'No limit would end it', nextIn: '' }
  return { ...placeOf(run, here, so), ...passes }
}

function placeOf(run: Run, here: StackSegment | undefined, so: string): Pick<RunningWords, 'before' | 'tone' | 'word' | 'after'> {
  if (run.client) return { before: 'The client is gone; your ', tone: 'python', word: 'script', after: ` runs on${so}` }
  if (run.stages.script_finished) return { before: 'The answer is on its way back through the ', tone: 'gateway', word: 'gateway', after: so }
  if (run.stages.script_started) {
    const frame = here && here.own >= 0 ? here.frames[here.own] : undefined
    if (!frame) return { before: 'Your ', tone: 'python', word: 'script', after: ` is running${so}` }
    return { before: 'Your ', tone: 'python', word: 'script', after: ` is in ${frame.function}, line ${frame.line}${so}` }
  }
  if (run.queueEntered && !run.queueLeft) return { before: 'Waiting for a free worker in the ', tone: 'connector', word: 'connector', after: so }
  if (run.stages.connector_started) return { before: 'The ', tone: 'connector', word: 'connector', after: ` starts Python${so}` }
  if (run.stages.request_received) return { before: 'The ', tone: 'gateway', word: 'gateway', after: ` reads the request${so}` }
  return { before: 'The ', tone: 'client', word: 'client', after: ` sends the request${so}` }
}
