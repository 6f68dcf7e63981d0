import { closeSync, openSync } from 'node:fs'
import type { LogColumns, LogFilter, LogRow } from '../../shared/bridge/contract.ts'
import { cleanerOf } from '../../shared/export/known-secrets.ts'
import { withoutKeyLines } from '../../shared/export/private-key-lines.ts'
import { readBlockNow } from './log-file.ts'
import { createMatcher, walkNumbers, type BlockMatches, type Matcher } from './matcher.ts'
import { lineTextOf, rowOf, type LineOfBlock, type ParsedBlock } from './parsed-block.ts'

/** Where the search thread finds a block: in the file, or here (not written yet); `lost` has no lines to find. */
export type BlockRef = { offset: number; length: number; sourceMask: number } | ParsedBlock | 'lost'

/** What the search thread is asked. `page` and `text` pass over `skip` matching lines and take at most `take`. */
export type SearchJob = { file: string; filter: LogFilter | null; blocks: BlockRef[] } & (
  | { kind: 'count' }
  /** `known`: numbers of the matching lines of a block, where an earlier count told them. */
  | { kind: 'page'; skip: number; take: number; known: (number[] | null)[] }
  /** `secrets`: values to redact besides what is told by name and shape; null: nothing is. `continues`: the text of the job before. */
  | { kind: 'text'; skip: number; take: number; mostBytes: number; columns: LogColumns | null; secrets: readonly string[] | null; continues: boolean }
)

export type SearchAnswer =
  | { kind: 'count'; matches: BlockMatches[] }
  | { kind: 'page'; rows: LogRow[]; seen: number }
  /** `seen`: matching lines met, those passed over included. `full`: the text has no room for the next line. */
  | { kind: 'text'; text: string; bytes: number; seen: number; full: boolean }

export interface Searcher { run(job: SearchJob): SearchAnswer; close(): void }

/** Does what a search thread does, on the calling thread: keeps the file open and the filter compiled between jobs. */
export function createSearcher(): Searcher {
  let file: { path: string; fd: number } | null = null
  let compiled: { key: string; matcher: Matcher } | null = null
  let clean: ((line: string) => string) | null = null

  function fdOf(path: string): number {
    if (file?.path !== path) {
      if (file) closeSync(file.fd)
      file = { path, fd: openSync(path, 'r') }
    }
    return file.fd
  }

  function matcherOf(filter: LogFilter | null): Matcher {
    const key = JSON.stringify(filter)
    if (compiled?.key !== key) compiled = { key, matcher: createMatcher(filter) }
    return compiled.matcher
  }

  function blockOf(ref: BlockRef, path: string, matcher: Matcher): ParsedBlock | null {
    if (ref === 'lost') return null
    if (!('offset' in ref)) return { ...ref, table: asBuffer(ref.table), body: asBuffer(ref.body) }
    return (ref.sourceMask & matcher.sourceMask) === 0 ? null : readBlockNow(fdOf(path), ref.offset, ref.length)
  }

  return {
    run(job) {
      const matcher = matcherOf(job.filter)
      const blocks = function* () { for (const ref of job.blocks) yield blockOf(ref, job.file, matcher) }
      switch (job.kind) {
        case 'count': return { kind: 'count', matches: Array.from(blocks(), (block) => block ? matcher.scan(block) : { count: 0, lines: null }) }
        case 'page': return pageOf(blocks(), matcher, job)
        case 'text':
          if (!job.continues || !clean) clean = cleanLineOf(job.secrets)
          return textOf(blocks(), matcher, job, clean)
      }
    },
    close() {
      if (file) closeSync(file.fd)
      file = null
    },
  }
}

function pageOf(blocks: Iterable<ParsedBlock | null>, matcher: Matcher, { skip, take, known }: { skip: number; take: number; known: (number[] | null)[] }): SearchAnswer {
  const rows: LogRow[] = []
  let seen = 0
  let index = 0
  for (const block of blocks) {
    const lines = known[index++]
    if (rows.length >= take) break
    const visit = (line: LineOfBlock) => {
      if (seen++ >= skip) rows.push(rowOf(block!, line))
      return rows.length < take
    }
    if (block && lines) walkNumbers(block, lines, visit)
    else if (block) matcher.visit(block, visit)
  }
  return { kind: 'page', rows, seen }
}

/** Redacts one line after another; without `secrets` they stay as they are. */
function cleanLineOf(secrets: readonly string[] | null): (line: string) => string {
  if (secrets === null) return (line) => line
  const [clean, withoutKeys] = [cleanerOf(secrets), withoutKeyLines()]
  return (line) => clean(withoutKeys(line))
}

function textOf(blocks: Iterable<ParsedBlock | null>, matcher: Matcher, { skip, take, mostBytes, columns }: { skip: number; take: number; mostBytes: number; columns: LogColumns | null }, clean: (line: string) => string): SearchAnswer {
  const lines: string[] = []
  let bytes = 0
  let seen = 0
  let full = false
  for (const block of blocks) {
    if (full || lines.length >= take * 2) break
    if (block) matcher.visit(block, (line) => {
      if (seen++ < skip) return true
      const before = columns ? columnsOf(line, columns) : ''
      const text = clean(lineTextOf(block, line))
      const lineBytes = before.length + Math.max(line.end - line.start, text.length) + 1
      full = bytes + lineBytes > mostBytes
      if (!full) {
        lines.push(before + text, '\n')
        bytes += lineBytes
      }
      return !full && lines.length < take * 2
    })
  }
  return { kind: 'text', text: lines.join(''), bytes, seen, full }
}

/** `500.4\tclient\terror\t`: what the screen shows before a line. */
function columnsOf({ segment: { atMs, source, level } }: LineOfBlock, { zeroMs }: LogColumns): string {
  return `${zeroMs === null ? atMs.toFixed(1) : new Date(zeroMs + atMs).toISOString()}\t${source}\t${level ?? ''}\t`
}

/** A message between threads turns a Buffer into a plain array of bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
