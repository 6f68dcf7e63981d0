import type { LogTextQuery } from '../../shared/bridge/contract.ts'
import type { SearchedLog } from './filter-scan.ts'
import { problemOfFilter } from './line-finder.ts'
import type { SearchThread } from './search-thread.ts'

/** More than this does not go onto a clipboard, nor across to a screen. */
const mostTextBytes = 64 * 1024 ** 2
const blocksPerJob = 64
/** Looking for secrets takes its time, and a job must not. */
const blocksPerCleanJob = 8

export type LogTextWindow = Omit<LogTextQuery, 'runId' | 'withSecrets'> & { secrets?: readonly string[] }

/**
 * The whole text of the lines that a query selects, in order, each ended by \n: at most `maxBytes`, and then only whole lines.
 * Rejects with a sentence where the filter cannot be used.
 */
export async function textOfLog(log: SearchedLog, thread: SearchThread, query: LogTextWindow): Promise<{ text: string; truncated: boolean }> {
  const problem = problemOfFilter(query.filter)
  if (problem) throw new Error(problem)
  const parts: string[] = []
  const mostBytes = Math.min(query.maxBytes, mostTextBytes)
  let bytes = 0
  let skip = Math.max(0, query.from)
  let take = query.count
  const perJob = query.secrets ? blocksPerCleanJob : blocksPerJob
  for (let first = 0, ended = false; !ended && take > 0; first += perJob) {
    const blocks = Array.from({ length: Math.min(perJob, log.blockCount() - first) }, (_, index) => log.blockRef(first + index))
    ended = first + blocks.length >= log.blockCount()
    const open = ended ? log.openRef() : null
    if (open) blocks.push(open)
    const result = await thread.run({ kind: 'text', file: log.file, filter: query.filter, blocks, skip, take, mostBytes: mostBytes - bytes, columns: query.columns ?? null, secrets: query.secrets ?? null, continues: first > 0 }, true)
    if (!result.ok) throw new Error(result.reason === 'stuck' ? 'this regular expression takes too long on this log: make it simpler' : result.problem)
    const { text, seen, full } = result.answer
    parts.push(text)
    bytes += result.answer.bytes
    take -= Math.max(0, seen - skip)
    skip = Math.max(0, skip - seen)
    if (full) return { text: parts.join(''), truncated: true }
  }
  return { text: parts.join(''), truncated: false }
}
