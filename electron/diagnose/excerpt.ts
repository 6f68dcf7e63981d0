import { createReadStream } from 'node:fs'
import type { DeskExcerpt } from '../../shared/bridge/desk.ts'
import { createLineScanner } from './line-scanner.ts'

/** Lines on either side. */
const around = 3
const longestLine = 2000

/** The lines of a file around one of them, each cut at 2,000 characters; empty when the file is not that long (any more). */
export async function readExcerpt(path: string, line: number): Promise<DeskExcerpt['lines']> {
  let number = 0
  const lines: DeskExcerpt['lines'] = []
  const scanner = createLineScanner(() => { number++; return number >= line - around && number <= line + around ? 1 : 0 })
  const take = (bytes: Buffer, found: number) => { lines.push({ number: found, text: bytes.toString('utf8').replace(/\r$/, '').slice(0, longestLine) }) }
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    scanner.push(chunk, take)
    if (scanner.lines >= line + around) return lines
  }
  scanner.end(take)
  return lines.some((candidate) => candidate.number === line) ? lines : []
}
