import type { LogFact } from './fact.ts'

/** One line as a reader gets it: wrappers taken off, terminator removed, length bounded. */
export interface Line {
  file: string
  number: number
  text: string
  /** Time taken from a wrapper (journald, docker, syslog), ms since 1970; null without. */
  wrapperTimeMs: number | null
  /** Who wrote it, from the wrapper: a unit, a container, a syslog tag; null without. */
  origin: string | null
}

/** Reads the log of one product, line by line. */
export interface LogReader {
  id: string
  product: string
  /** Starts reading one file; state (a traceback being collected) lives in what it returns. */
  open(file: string): Reading
}

export interface Reading {
  /** Facts of this line; an empty list where the line is this product's and says nothing; null where it is not this product's. */
  take(line: Line): LogFact[] | null
  /** Facts still open when the file ends. */
  close(): LogFact[]
}

/** A reader that needs no memory of earlier lines. */
export function lineReader(id: string, product: string, take: (line: Line) => LogFact[] | null): LogReader {
  return { id, product, open: () => ({ take, close: () => [] }) }
}
