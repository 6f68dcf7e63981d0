import type { Run } from '../../shared/run/fold-run.ts'
import { exactMs } from '../ui/numbers.ts'
import { announce } from './announcer.ts'
import { nearestLogLine } from './places.ts'
import { select, usePointer, type Selection } from './pointer.ts'
import { useRun } from './run.ts'

/** A fact worth stopping at, with its place in chart, log and limits. */
export interface Stop { atMs: number; line: number | null; limitId: string | null; words: string }

/** The stops of a run in order of time: stages, what fired, kills, the flow's own log lines. Pure. */
export function stopsOf(run: Run): Stop[] {
  const fact = (atMs: number, words: string, limitId: string | null = null): Stop => ({ atMs, line: nearestLogLine(run, atMs), limitId, words })
  return [
    ...Object.values(run.stages).map((stage) => fact(stage.atMs, `stage ${stage.stage.replaceAll('_', ' ')}${stage.detail && stage.detail !== 'completed' ? `, ${stage.detail.replaceAll('_', ' ')}` : ''}`)),
    ...run.limits.flatMap((limit) => (limit.fired ? [fact(limit.fired.atMs, `${limit.id} fired`, limit.id)] : [])),
    ...run.kills.map((kill) => fact(kill.atMs, `${kill.by} kills the script: ${kill.reason}`)),
    ...run.logs.map((log): Stop => ({ atMs: log.atMs, line: log.line, limitId: null, words: `${log.source}: ${log.message}` })),
  ].toSorted((one, other) => one.atMs - other.atMs)
}

/** The stop after (1) or before (-1) what is selected; the first or the last when nothing is. */
export function nextStop(stops: readonly Stop[], from: Pick<Selection, 'atMs' | 'line' | 'ref'> | null, direction: 1 | -1): Stop | undefined {
  const chosen = from?.ref?.startsWith('stop:') ? Number(from.ref.slice(5)) : null
  if (chosen !== null) return stops[Math.min(Math.max(chosen + direction, 0), stops.length - 1)]
  const atMs = from?.atMs
  if (atMs == null) return direction === 1 ? stops[0] : stops.at(-1)
  return (direction === 1 ? stops.find((stop) => stop.atMs > atMs) : stops.findLast((stop) => stop.atMs < atMs)) ?? (direction === 1 ? stops.at(-1) : stops[0])
}

/** Selects the next (1) or previous (-1) fact worth stopping at, and tells it. */
export function stepEvent(direction: 1 | -1): void {
  const stops = stopsOf(useRun.getState().run)
  const stop = nextStop(stops, usePointer.getState().selected, direction)
  if (!stop) return
  select({ atMs: stop.atMs, line: stop.line, limitId: stop.limitId, ref: `stop:${stops.indexOf(stop)}` })
  announce(`${exactMs(stop.atMs)}, ${stop.words}`)
}
