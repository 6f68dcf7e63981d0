import type { EventOf } from '../../shared/run/event.ts'
import type { SavedRun } from '../../shared/run/record.ts'
import { createLogStore, type LogStore, type StoredLog } from './log-store.ts'

/** A saved run holds at most this much of a log. */
const mostBytes = 64 * 1024 ** 2

/** A log as a saved run carries it: its lines, and who wrote them when. `truncated`: it was longer than a saved run can be. */
export async function savedLinesOf(log: StoredLog): Promise<Required<Pick<SavedRun, 'log' | 'logOrigins'>> & { truncated: boolean }> {
  const { text, truncated } = await log.text({ from: 0, count: log.lineCount, filter: null, maxBytes: mostBytes })
  const lines = text === '' ? [] : text.slice(0, -1).split('\n')
  return { log: lines, logOrigins: await log.origins(lines.length), truncated }
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
