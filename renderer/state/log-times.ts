import { create } from 'zustand'
import type { LogRow } from '../../shared/bridge/contract.ts'
import { plainText } from '../../shared/text/plain-text.ts'
import { call } from './engine.ts'
import { isLive, useRun } from './run.ts'

/** Lines of a log and when they were written: all of them in a short log, samples at even distances in a long one. */
interface LogTimes { runId: string | null; points: readonly LogPoint[]; lines: number }
export interface LogPoint { line: number; atMs: number; source: LogRow['source']; bad: boolean; /** the beginning of what was written */ text: string }
export const useLogTimes = create<LogTimes>(() => ({ runId: null, points: [], lines: 0 }))

/** Logs up to this length are read whole; of longer ones this many lines are looked at. */
const wholeLines = 1000
const samples = 120
/** What is kept of a line's text. */
const textLength = 80
/** While a log grows, it is looked at this often (ms). */
const everyMs = 1500

async function readTimes(runId: string, lines: number): Promise<void> {
  const rows = lines <= wholeLines
    ? (await call('logRows', { runId, from: 0, count: wholeLines, filter: null })).rows
    : (await Promise.all(Array.from({ length: samples }, (_, index) => call('logRows', { runId, from: Math.floor((index * (lines - 1)) / (samples - 1)), count: 1, filter: null })))).flatMap((page) => page.rows)
  if (useRun.getState().runId === runId) useLogTimes.setState({ runId, lines, points: rows.map(logPointOf) })
}

/** A line as the chart knows it; its words are shown where nothing of the log's own look is: without colours, what cannot be seen written out. */
export function logPointOf({ line, atMs, source, level, text }: LogRow): LogPoint {
  return { line, atMs, source, bad: level === 'error', text: plainText(text.slice(0, 10 * textLength)).slice(0, textLength) }
}

/** Keeps the times in step with the log; called once. */
export function followLogTimes(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = (afterMs: number) => {
    timer ??= setTimeout(() => {
      timer = undefined
      const { runId, logLines } = useRun.getState()
      if (runId !== null && logLines > 0) void readTimes(runId, logLines).catch(() => {})
    }, afterMs)
  }
  useRun.subscribe((state, before) => {
    if (state.runId !== before.runId) useLogTimes.setState({ runId: state.runId, points: [], lines: 0 })
    if (state.logLines !== before.logLines || state.phase !== before.phase || state.runId !== before.runId) later(isLive(state) ? everyMs : 120)
  })
}

/** The last line written at or before an instant, where the log is short enough to have been read whole. */
export function pointBefore({ points, lines }: Pick<LogTimes, 'points' | 'lines'>, atMs: number): LogPoint | undefined {
  return lines <= wholeLines ? points.findLast((point) => point.atMs <= atMs) : undefined
}

/** The first line written at or after an instant (the last one, when none was), or `before`: the last one written at or before it (the first one, when none was). Found by halves, a few dozen small questions whatever the log's length. */
export async function lineAt(atMs: number, side: 'before' | 'after'): Promise<number | null> {
  const { runId, logLines } = useRun.getState()
  if (runId === null || logLines === 0) return null
  let low = 0
  let high = side === 'before' ? logLines : logLines - 1
  while (low < high) {
    const middle = (low + high) >> 1
    const row = (await call('logRows', { runId, from: middle, count: 1, filter: null })).rows[0]
    if (row && (side === 'before' ? row.atMs <= atMs : row.atMs < atMs)) low = middle + 1
    else high = middle
  }
  return side === 'before' ? Math.max(0, low - 1) : low
}
