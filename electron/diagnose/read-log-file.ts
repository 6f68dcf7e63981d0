import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { openLog, type LogFile } from '../../shared/diagnose/logs/read-log.ts'
import { interestingWords } from './interesting-words.ts'
import { createLineScanner } from './line-scanner.ts'
import { accessTest, haproxyTest, wordsTest, type LineTest } from './line-tests.ts'

/** From this size on only lines of interest are read. */
const hugeBytes = 16 * 1024 ** 2
/** Lines of interest that are parsed one by one; of more, every so many-th. */
const mostParsed = 100_000
/** Lines after a hit that are read as well: a traceback, an error's cause. */
const context = 40

export interface LogRead { lines: number; parsed: number; facts: number; sampled: boolean; readers: ReadonlyMap<string, number> }
export interface LogSource { name: string; bytes: number | null; year: number }

/**
 * Reads a log of any size in one pass with bounded memory: a small one line by line, a huge one only where a line is of interest.
 * `head` is its beginning, which tells what kind of log it is.
 */
export async function readLog(source: LogSource, chunks: AsyncIterable<Uint8Array>, head: Buffer, request: string | null, onFact: (fact: LogFact) => void): Promise<LogRead> {
  const log = openLog(source.name, source.year)
  const huge = (source.bytes ?? 0) > hugeBytes
  const shape = huge ? shapeOf(head) : { test: everyLine, context: 0 }
  const counts = { parsed: 0, facts: 0, hits: 0 }
  const scanner = createLineScanner(shape.test, shape.context)
  const take = (line: Buffer, number: number) => {
    counts.hits++
    if (huge && counts.hits > mostParsed && counts.hits % Math.ceil(counts.hits / mostParsed) !== 0) return
    counts.parsed++
    for (const fact of log.take(textOf(line), number)) { counts.facts++; onFact(fact) }
  }
  for await (const chunk of chunks) scanner.push(chunk, take)
  scanner.end(take)
  for (const fact of log.close()) { counts.facts++; onFact(fact) }
  return { lines: scanner.lines, parsed: counts.parsed, facts: counts.facts, sampled: counts.hits > counts.parsed, readers: log.outcome.readers }

  function shapeOf(beginning: Buffer): { test: LineTest; context: number } {
    const readers = readersOf(beginning, source)
    const total = [...readers.values()].reduce((sum, count) => sum + count, 0)
    const most = (id: string) => (readers.get(id) ?? 0) > total * 0.95
    if (request !== null) return { test: wordsTest(interestingWords(request)), context: 0 }
    if (most('access')) return { test: accessTest, context: 0 }
    if (most('haproxy')) return { test: haproxyTest, context: 0 }
    // A log of whole transactions cannot be read in pieces.
    if ((readers.get('varnishlog') ?? 0) > 0) return { test: everyLine, context: 0 }
    return { test: wordsTest(interestingWords(null)), context: (readers.get('traceback') ?? 0) > 0 || most('app') ? context : 0 }
  }
}

const everyLine: LineTest = () => true

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
