import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { openLog, type LogFile } from '../../shared/diagnose/logs/read-log.ts'
import { interestingWords } from './interesting-words.ts'
import { createLineSampler } from './line-sampler.ts'
import { createLineScanner } from './line-scanner.ts'
import { accessTest, haproxyTest, tailTest, type LineTest } from './line-tests.ts'
import { wordsTest } from './words-test.ts'

/** From this size on only lines of interest are read. */
const hugeBytes = 16 * 1024 ** 2
/** Lines after a hit that are read as well: a traceback, an error's cause. */
const context = 40

export interface LogRead { lines: number; parsed: number; facts: number; sampled: boolean; readers: ReadonlyMap<string, number> }
export interface LogSource { name: string; bytes: number | null; year: number }
/** What is asked about: an id or a path, a moment. */
export interface LogFocus { request: string | null; aroundMs: number | null }

/** Which lines of a log are decoded. `whole` = every one, because its entries span lines that cannot be told apart. */
interface Shape { test: LineTest; context: number; whole: boolean }

/**
 * Reads a log of any size in one pass with bounded memory: a small one line by line, a huge one only where a line is of interest.
 * `head` is its beginning, which tells what kind of log it is.
 */
export async function readLog(source: LogSource, chunks: AsyncIterable<Uint8Array>, head: Buffer, focus: LogFocus, onFact: (fact: LogFact) => void): Promise<LogRead> {
  const log = openLog(source.name, source.year)
  const shape = (source.bytes ?? 0) > hugeBytes ? shapeOf(head, source, focus.request) : everyLine
  const sampler = shape.whole ? null : createLineSampler(focus.aroundMs !== null)
  const scanner = createLineScanner(shape.test, shape.context)
  let parsed = 0
  let facts = 0
  const give = (found: readonly LogFact[]) => {
    for (const fact of found) { facts++; onFact(fact) }
  }
  const take = (line: Buffer, number: number, kind: number) => {
    if (sampler !== null && !sampler.takes(kind)) return
    parsed++
    give(log.take(textOf(line), number))
  }
  for await (const chunk of chunks) scanner.push(chunk, take)
  scanner.end(take)
  give(log.close())
  return { lines: scanner.lines, parsed, facts, sampled: (sampler?.leftOut ?? 0) > 0, readers: log.outcome.readers }
}

const everyLine: Shape = { test: () => 1, context: 0, whole: true }

/** What cannot be read in pieces: whole transactions, and states of which every line counts. */
const wholes = ['varnishlog', 'network-state']

function shapeOf(beginning: Buffer, source: LogSource, request: string | null): Shape {
  const readers = readersOf(beginning, source)
  const total = [...readers.values()].reduce((sum, count) => sum + count, 0)
  const most = (id: string) => (readers.get(id) ?? 0) > total * 0.95
  if (wholes.some((id) => (readers.get(id) ?? 0) > 0)) return everyLine
  if (request !== null) return { test: wordsTest(interestingWords(request)), context: 0, whole: false }
  if (most('access')) return { test: accessTest(tailTest(beginning)), context: 0, whole: false }
  if (most('haproxy')) return { test: haproxyTest, context: 0, whole: false }
  return { test: wordsTest(interestingWords(null)), context: (readers.get('traceback') ?? 0) > 0 || most('app') ? context : 0, whole: false }
}

/** Who takes the lines of a log's beginning. */
export function readersOf(beginning: Buffer, source: LogSource): ReadonlyMap<string, number> {
  const log: LogFile = openLog(source.name, source.year)
  const lines = textOf(beginning).split('\n')
  for (const [index, line] of lines.slice(0, 400).entries()) log.take(line, index + 1)
  return log.outcome.readers
}

/** UTF-8; a byte order mark and a carriage return at the end are no part of a line. */
function textOf(line: Buffer): string {
  const end = line.length > 0 && line[line.length - 1] === 13 ? line.length - 1 : line.length
  const text = line.toString('utf8', 0, end)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
