import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { openLog } from '../../shared/diagnose/logs/read-log.ts'
import { createLineScanner } from './line-scanner.ts'

/** A log that comes in pieces over time. */
export interface PiecewiseLog {
  push(chunk: Buffer): void
  /** Facts of the lines that are complete. */
  drain(): LogFact[]
  /** Facts of entries of several lines that wait for more: nothing more comes for now. */
  settle(): LogFact[]
  /** Lines so far, those in front of the beginning included. */
  readonly lines: number
  /** Who took how many lines. */
  readonly readers: ReadonlyMap<string, number>
}

/** Opens a log of which `linesBefore` lines are not read. */
export function openPiecewise(name: string, linesBefore: number): PiecewiseLog {
  const year = new Date().getUTCFullYear()
  const scanner = createLineScanner(() => 1)
  const readers = new Map<string, number>()
  let log = openLog(name, year)
  let facts: LogFact[] = []
  return {
    push: (chunk) => scanner.push(chunk, (line, number) => { facts.push(...log.take(line.toString('utf8').replace(/\r$/, ''), linesBefore + number)) }),
    drain() {
      const drained = facts
      facts = []
      return drained
    },
    settle() {
      for (const [id, count] of log.outcome.readers) readers.set(id, (readers.get(id) ?? 0) + count)
      const rest = log.close()
      log = openLog(name, year)
      return rest
    },
    get lines() { return linesBefore + scanner.lines },
    get readers() { return readers.size === 0 ? log.outcome.readers : new Map([...readers, ...log.outcome.readers].map(([id]) => [id, (readers.get(id) ?? 0) + (log.outcome.readers.get(id) ?? 0)])) },
  }
}
