import { announce } from './announcer.ts'
import { select, usePointer } from './pointer.ts'
import { useRun } from './run.ts'
import { exactMs } from '../ui/numbers.ts'

/** Selects the next (1) or previous (-1) fact worth stopping at: stages, what fired, kills, the flow's log lines. */
export function stepEvent(direction: 1 | -1): void {
  const { run } = useRun.getState()
  const stops = run.logs.map((log) => ({ atMs: log.atMs, line: log.line, words: `${log.source}: ${log.message}` }))
  const from = usePointer.getState().selected
  const at = from?.line != null ? stops.findIndex((stop) => stop.line === from.line) : from?.atMs != null ? (direction === 1 ? stops.findLastIndex((stop) => stop.atMs <= (from.atMs ?? 0)) : stops.findIndex((stop) => stop.atMs >= (from.atMs ?? 0))) : -1
  const stop = stops[at < 0 ? (direction === 1 ? 0 : stops.length - 1) : Math.min(Math.max(at + direction, 0), stops.length - 1)]
  if (!stop) return
  select({ atMs: stop.atMs, line: stop.line })
  announce(`${exactMs(stop.atMs)}, ${stop.words}`)
}
