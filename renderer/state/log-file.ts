import type { LogTextQuery } from '../../shared/bridge/contract.ts'
import { downloadBlob } from '../ui/download.ts'
import { groupedOf } from '../ui/numbers.ts'
import { copyText } from './actions.ts'
import { whileBusy } from './busy.ts'
import { call, toCallError } from './engine.ts'
import { filterNow, useLog } from './log.ts'
import { useRun } from './run.ts'
import { complain, tell } from './undo.ts'
import { useView } from './view.ts'

/** Most that goes onto a clipboard. */
const copyBytes = 8 * 1024 ** 2
/** A log is fetched in pieces of at most this: a file may be longer than any text can be. */
const pieceBytes = 64 * 1024 ** 2

/** The lines that are shown, secrets redacted unless asked otherwise; null without a run. */
function shownLines(withSecrets: boolean): Omit<LogTextQuery, 'maxBytes'> | null {
  const { runId, run } = useRun.getState()
  if (runId === null) return null
  const { total } = useLog.getState()
  const { logColumns, logTime } = useView.getState()
  const startedMs = Date.parse(run.startedAt)
  return { runId, from: 0, count: total, filter: filterNow(), withSecrets, columns: logColumns ? { zeroMs: logTime === 'absolute' && !Number.isNaN(startedMs) ? startedMs : null } : null }
}

/** Copies the lines that are shown: all of them, or as many as a clipboard should carry. */
export async function copyLog(withSecrets = false): Promise<void> {
  const query = shownLines(withSecrets)
  if (!query) return
  try {
    const { text, truncated } = await whileBusy('Copying the log…', call('logText', { ...query, maxBytes: copyBytes }))
    await copyText(text, truncated ? 'The first 8 MB of the log' : 'Log')
    if (truncated) tell('Only the first 8 MB were copied: save the log to have all of it.')
  } catch (error) {
    complain(toCallError(error).message)
  }
}

/** Saves the lines that are shown, however many. */
export async function saveLog(withSecrets = false): Promise<void> {
  const query = shownLines(withSecrets)
  if (!query) return
  const name = `${(useRun.getState().run.plan?.script.name ?? 'run').replace(/\.py$/, '')}.log`
  try {
    const { blob, lines } = await whileBusy('Saving the log…', fetchLog(query))
    downloadBlob(name, blob)
    tell(`${name}: ${groupedOf(lines)} ${lines === 1 ? 'line' : 'lines'} saved`)
  } catch (error) {
    complain(toCallError(error).message)
  }
}

async function fetchLog(query: Omit<LogTextQuery, 'maxBytes'>): Promise<{ blob: Blob; lines: number }> {
  const pieces: Blob[] = []
  let lines = 0
  for (;;) {
    const { text, truncated } = await call('logText', { ...query, from: lines, count: query.count - lines, maxBytes: pieceBytes })
    // What a blob holds does not lie in the page's memory.
    pieces.push(new Blob([text]))
    const taken = linesIn(text)
    lines += taken
    // A single line that is longer than a piece would be asked for again and again.
    if (!truncated || taken === 0) return { blob: new Blob(pieces, { type: 'text/plain' }), lines }
  }
}

function linesIn(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
