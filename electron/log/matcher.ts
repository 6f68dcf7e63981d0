import { isAscii } from 'node:buffer'
import type { LogFilter } from '../../shared/bridge/contract.ts'
import { maskOf, outputMask, type Segment } from './block-format.ts'
import { lineFinderOf, type LineFinder } from './line-finder.ts'
import { walkLines, walkSegments, type LineOfBlock, type ParsedBlock } from './parsed-block.ts'

/** A filter at work on one block after the other. */
export interface Matcher {
  /** One bit per source that may match; -1 for all. */
  readonly sourceMask: number
  /** How many lines match, and which, where they are few. */
  scan(block: ParsedBlock): BlockMatches
  /** Visits the matching lines in order, until `visit` returns false. */
  visit(block: ParsedBlock, visit: (line: LineOfBlock) => boolean | void): void
}

/** `lines`: numbers of the matching lines; null where they are more than `mostKnown`: such a block is quickly searched again. */
export interface BlockMatches { count: number; lines: number[] | null }
const mostKnown = 64

/** Throws a SyntaxError where the filter's regular expression is none. */
export function createMatcher(filter: LogFilter | null): Matcher {
  const sourceMask = sourceMaskOf(filter)
  const levels = filter?.levels ? new Set(filter.levels) : null
  const takes = sourceMask === -1 && levels === null ? null
    : ({ source, level }: Segment) => (maskOf(source) & sourceMask) !== 0 && (levels === null || levels.has(level))
  const find = lineFinderOf(filter)
  const isTaken = (line: LineOfBlock) => takes === null || takes(line.segment)
  return {
    sourceMask,
    scan(block) {
      const count = linesFrom(block, takes)
      if (find === null || count === 0) return { count, lines: null }
      const found = numbersOf(find, block, count === block.lines ? mostKnown : Infinity)
      if (count === block.lines) return { count: found.count, lines: found.count <= mostKnown ? found.lines : null }
      const lines: number[] = []
      walkNumbers(block, found.lines, (line) => { if (isTaken(line)) lines.push(line.line) })
      return { count: lines.length, lines: lines.length <= mostKnown ? lines : null }
    },
    visit(block, visit) {
      if (find === null) walkLines(block, block.firstLine, (line) => isTaken(line) ? visit(line) : true)
      else walkNumbers(block, numbersOf(find, block, Infinity).lines, (line) => isTaken(line) ? visit(line) : true)
    },
  }
}

/** Junk bytes become U+FFFD; pure ASCII takes the fast path. */
function textOf(body: Buffer): string {
  return body.toString(isAscii(body) ? 'latin1' : 'utf8')
}

/** Sources that may match. Output never has a level: where only levels are wanted, blocks full of output need not be read. */
function sourceMaskOf(filter: LogFilter | null): number {
  const chosen = filter?.sources ? filter.sources.reduce((mask, source) => mask | maskOf(source), 0) : -1
  return filter?.levels && !filter.levels.includes(null) ? chosen & ~outputMask : chosen
}

function linesFrom(block: ParsedBlock, takes: ((segment: Segment) => boolean) | null): number {
  if (takes === null) return block.lines
  let lines = 0
  walkSegments(block, (_, segment) => { if (takes(segment)) lines += segment.lines })
  return lines
}

/** Numbers of the lines that the finder finds, in order: all of them counted, the first `most` listed. */
function numbersOf(find: LineFinder, block: ParsedBlock, most: number): { count: number; lines: number[] } {
  const text = textOf(block.body)
  const lines: number[] = []
  let count = 0
  let line = block.firstLine
  let at = 0
  find(text, (start) => {
    if (++count > most) return
    for (let feed = text.indexOf('\n', at); feed !== -1 && feed < start; feed = text.indexOf('\n', at)) {
      line++
      at = feed + 1
    }
    lines.push(line)
  })
  return { count, lines }
}

/** Visits the lines of these numbers (in order, all of this block). */
export function walkNumbers(block: ParsedBlock, numbers: number[], visit: (line: LineOfBlock) => boolean | void): void {
  if (numbers.length === 0) return
  let next = 0
  walkLines(block, numbers[0]!, (line) => {
    if (line.line !== numbers[next]) return true
    next++
    if (visit(line) === false) return false
    return next < numbers.length
  })
}
