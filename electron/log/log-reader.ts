import type { LogFilter, LogPage, LogQuery, LogRow } from '../../shared/bridge/contract.ts'
import type { LogOrigin } from '../../shared/run/record.ts'
import { blockBytesOf, segmentBytes } from './block-format.ts'
import type { BlockEntry, BlockList } from './block-list.ts'
import { createLogSearch, type SearchedLog } from './filter-scan.ts'
import { readBlock } from './log-file.ts'
import type { OpenBlock } from './open-block.ts'
import { rowOf, walkLines, walkSegments, type ParsedBlock } from './parsed-block.ts'
import type { BlockRef } from './search-job.ts'
import { createSearchThread } from './search-thread.ts'
import { textOfLog, type LogTextWindow } from './log-text.ts'

/** Rows given at once; a screen shows a hundred. */
const mostRows = 5000
/** Blocks from the file kept for the next page. */
const mostCached = 8

export type LogWindow = Omit<LogQuery, 'runId'>

/** Reads lines back: by number, by time, by filter. */
export interface LogReader {
  rows(from: number, count: number): Promise<LogRow[]>
  query(query: LogWindow): Promise<LogPage>
  /** `secrets`: what to redact besides what is told by name and shape; missing: nothing is. */
  text(query: LogTextWindow): Promise<{ text: string; truncated: boolean }>
  lineAt(atMs: number): Promise<number>
  /** Who wrote the first `lines` lines and when, to a millisecond: each entry holds from its line on. */
  origins(lines: number): Promise<LogOrigin[]>
  cancelSearch(): void
  close(): Promise<void>
}

/** What is being read: closed blocks, and the one still being filled (null when the log is only read). */
export interface ReadLog { file: string; fd: number | null; blocks: BlockList; open(): OpenBlock | null }

export function createLogReader(log: ReadLog): LogReader {
  const thread = createSearchThread()
  const searched: SearchedLog = {
    file: log.file,
    blockCount: () => log.blocks.entries.length,
    blockRef: (index) => refOf(log.blocks.entries[index]!),
    openRef: () => { const open = log.open(); return open && open.lines > 0 ? copyOf(open) : null },
  }
  const search = createLogSearch(searched, thread)
  const cache = new Map<BlockEntry, ParsedBlock | null>()

  /** From the file; null: its lines are lost, or damaged. */
  async function fileBlockOf(entry: BlockEntry): Promise<ParsedBlock | null> {
    if (entry.place.at !== 'file' || log.fd === null) return null
    const cached = cache.get(entry)
    if (cached !== undefined) return cached
    const block = await readBlock(log.fd, entry.place.offset, entry.header)
    cache.set(entry, block)
    for (const oldest of cache.keys()) if (cache.size > mostCached) cache.delete(oldest)
    return block
  }

  const lineCount = () => {
    const open = log.open()
    const last = log.blocks.entries.at(-1)?.header
    return open ? open.firstLine + open.lines : last ? last.firstLine + last.lines : 0
  }

  async function rows(from: number, count: number): Promise<LogRow[]> {
    const found: LogRow[] = []
    let line = Math.max(0, Math.floor(from))
    const end = Math.min(line + Math.min(Math.max(0, count), mostRows), lineCount())
    while (line < end) {
      const entry = log.blocks.entries[log.blocks.blockOfLine(line)]
      const open = log.open()
      const block = entry ? blockInMemory(entry) ?? await fileBlockOf(entry) : open
      const header = entry?.header ?? open
      if (!header || line < header.firstLine) break
      const stop = Math.min(end, header.firstLine + header.lines)
      if (block) walkLines(block, line, (place) => {
        if (place.line >= stop) return false
        found.push(rowOf(block, place))
        return true
      })
      else for (let lost = line; lost < stop; lost++) found.push(lostRow(lost, header.firstAtMs))
      line = stop
    }
    return found
  }

  return {
    rows,
    async query(query) {
      const window = { ...query, from: Math.max(0, Math.floor(query.from)), count: Math.min(Math.max(0, query.count), mostRows) }
      if (isEmpty(query.filter)) return { rows: await rows(window.from, window.count), total: lineCount(), scanning: false, error: null }
      return await search.page(window)
    },
    text: (query) => textOfLog(searched, thread, query),
    async lineAt(atMs) {
      const index = log.blocks.blockReaching(atMs)
      const entry = log.blocks.entries[index]
      const open = log.open()
      const block = entry ? blockInMemory(entry) ?? await fileBlockOf(entry) : open
      let last = Math.max(0, (entry?.header.firstLine ?? open?.firstLine ?? lineCount()) - 1)
      if (block) walkLines(block, block.firstLine, ({ line, segment }) => {
        if (segment.atMs > atMs) return false
        last = line
        return true
      })
      return last
    },
    async origins(lines) {
      const origins: LogOrigin[] = []
      const total = Math.min(lines, lineCount())
      for (let line = 0; line < total;) {
        const entry = log.blocks.entries[log.blocks.blockOfLine(line)]
        const open = log.open()
        const block = entry ? blockInMemory(entry) ?? await fileBlockOf(entry) : open
        if (block) walkSegments(block, (first, segment) => {
          const last = origins.at(-1)
          if (first < total && !(last && last[2] === segment.source && segment.atMs - last[1] < 1 && segment.atMs >= last[1])) origins.push([first, segment.atMs, segment.source])
        })
        const header = entry?.header ?? open
        if (!header || header.lines === 0) break
        line = header.firstLine + header.lines
      }
      return origins
    },
    cancelSearch: () => search.cancel(),
    close: () => thread.close(),
  }
}

/** To be used before anything is awaited: once the file has the block its buffers are filled anew. */
function blockInMemory({ place }: BlockEntry): ParsedBlock | null {
  return place.at === 'waiting' || place.at === 'memory' ? place.block : null
}

function isEmpty(filter: LogFilter | null): boolean {
  return !filter || (filter.text === '' && filter.sources === null && !filter.levels)
}

function refOf({ place, header }: BlockEntry): BlockRef {
  switch (place.at) {
    case 'file': return { offset: place.offset, length: blockBytesOf(header), sourceMask: header.sourceMask }
    case 'lost': return 'lost'
    case 'waiting': case 'memory': return copyOf(place.block)
  }
}

/** Only what is in use: the buffers themselves are larger, and go on being filled. */
function copyOf(block: OpenBlock): ParsedBlock {
  const { firstLine, lines, segments } = block
  return { firstLine, lines, segments, table: copied(block.table, segments * segmentBytes), body: copied(block.body, block.bodyBytes) }
}

function copied(bytes: Buffer, length: number): Buffer {
  return Buffer.from(new Uint8Array(bytes.subarray(0, length)).buffer)
}

function lostRow(line: number, atMs: number): LogRow {
  return { line, atMs, source: 'cutoff', level: 'warn', text: '(this line is lost: it could not be written to disk, or the file is damaged)', cut: false, fields: null }
}
