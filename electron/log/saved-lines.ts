import type { EventOf } from '../../shared/run/event.ts'
import type { LogOrigin, SavedRun } from '../../shared/run/record.ts'
import { counted } from '../../shared/text/counted.ts'
import { createLogStore, type LogStore, type StoredLog } from './log-store.ts'

/** A saved run holds at most this much of a log. */
const mostBytes = 64 * 1024 ** 2
/** Of a longer one, this share of it is the beginning; the rest is the end, where a cut is. */
const headShare = 1 / 4

/** A log as a saved run carries it: its lines, and who wrote them when. Of one that is too long the middle is left out: what cut a run stands at its end. */
export async function savedLinesOf(log: StoredLog, most: number = mostBytes): Promise<Required<Pick<SavedRun, 'log' | 'logOrigins'>> & Pick<SavedRun, 'leftOut'>> {
  const { text, truncated } = await log.text({ from: 0, count: log.lineCount, filter: null, maxBytes: most })
  const lines = linesOf(text)
  if (!truncated) return { log: lines, logOrigins: await log.origins(lines.length) }
  const bytesPerLine = most / Math.max(1, lines.length)
  const head = lines.slice(0, Math.floor(lines.length * headShare))
  const tail = await lastLinesOf(log, { mostLines: log.lineCount - head.length, most: most * (1 - headShare), bytesPerLine })
  const leftOut = { from: head.length, lines: log.lineCount - head.length - tail.length }
  const missing = Array.from({ length: leftOut.lines }, (_, index) => (index === 0 ? `(${counted(leftOut.lines, 'line')} left out: a saved run holds at most ${Math.round(most / 1024 ** 2)} MB of log)` : ''))
  return { log: [...head, ...missing, ...tail], logOrigins: withNote(await log.origins(log.lineCount), leftOut.from), leftOut }
}

/** Lines of the end that turn out too long: so many of them are tried next. */
const tryLess = 4 / 5

/** As many lines of the end as there is room for: how long they are shows only when they are read. */
async function lastLinesOf(log: StoredLog, { mostLines, most, bytesPerLine }: { mostLines: number; most: number; bytesPerLine: number }): Promise<string[]> {
  for (let count = Math.min(mostLines - 1, Math.floor(most / bytesPerLine)); count > 0; count = Math.floor(count * tryLess)) {
    const { text, truncated } = await log.text({ from: log.lineCount - count, count, filter: null, maxBytes: most })
    if (!truncated) return linesOf(text)
  }
  return []
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n')
}

/** The note in place of what is missing is ours. */
function withNote(origins: readonly LogOrigin[], at: number): LogOrigin[] {
  const before = origins.filter(([line]) => line <= at)
  const [, atMs, source] = before.at(-1) ?? [0, 0, 'stdout' as const]
  const after = origins.filter(([line]) => line > at)
  return [...before.filter(([line]) => line < at), [at, atMs, 'cutoff'], ...(after[0]?.[0] === at + 1 ? [] : [[at + 1, atMs, source] satisfies LogOrigin]), ...after]
}

/**
 * The other way: a log, made in a folder, of a saved run's lines. Messages of the flow get their level and fields back from
 * the run's events. Runs of the first versions do not tell who wrote a line; what is no message was printed by the script.
 */
export async function logOfSavedRun(dir: string, run: SavedRun): Promise<LogStore> {
  const store = createLogStore({ dir })
  const messages = new Map(run.events.filter((event): event is EventOf<'log'> => event.type === 'log').map((event) => [event.line, event]))
  const origins = run.logOrigins ?? []
  let next = 0
  let lastMs = 0
  for (const [line, text] of run.log.entries()) {
    while (next < origins.length && origins[next]![0] <= line) next++
    const origin = origins[next - 1]
    const message = messages.get(line)
    lastMs = message?.atMs ?? origin?.[1] ?? lastMs
    const source = message?.source ?? origin?.[2] ?? 'stdout'
    if (message) store.appendMessage(message)
    else if (source === 'stdout' || source === 'stderr') store.appendOutput(source, Buffer.from(`${text.replaceAll('\n', ' ')}\n`), lastMs)
    else store.appendMessage({ source, level: 'info', message: text, fields: {}, atMs: lastMs })
  }
  await store.end()
  return store
}
