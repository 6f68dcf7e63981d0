import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { DiagnosedSource, DiagnosisNote } from '../../shared/diagnose/diagnosis.ts'
import { configReaders } from '../../shared/diagnose/configs/index.ts'
import type { ConfigFile, ConfigReader } from '../../shared/diagnose/configs/reader.ts'
import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { openLog } from '../../shared/diagnose/logs/read-log.ts'
import { createFactStore, type FactStore } from './fact-store.ts'
import type { FoundFile } from './find-files.ts'
import { isRoutine } from './routine-line.ts'

/** Only the beginning decides what a file is. */
const headBytes = 64 * 1024
/** Configurations are small; what is larger is read as a log whatever it looks like. */
const mostConfigBytes = 8 * 1024 ** 2
/** Beyond this a log's routine lines (an ordinary 2xx or 3xx without a word of trouble) are counted, not parsed. */
const largeLogBytes = 16 * 1024 ** 2

export type FileReading =
  | { kind: 'config'; reader: ConfigReader; file: ConfigFile; source: DiagnosedSource }
  | { kind: 'log'; facts: LogFact[]; source: DiagnosedSource; notes: DiagnosisNote[] }
  | { kind: 'none'; source: DiagnosedSource; notes: DiagnosisNote[] }

/** Reads one file as what it is: a configuration whole, a log as a stream. Rejects only when it cannot be read at all. */
export async function readFileAsWhatItIs(found: FoundFile, year: number): Promise<FileReading> {
  const head = await readHead(found.path)
  const blank: DiagnosedSource = { file: found.name, kind: 'not recognised', bytes: found.bytes, lines: 0, facts: 0, skewMs: null }
  if (head.length === 0) return { kind: 'none', source: { ...blank, kind: 'empty' }, notes: [{ file: found.name, line: null, text: 'is empty' }] }
  if (isBinary(head)) return { kind: 'none', source: { ...blank, kind: 'binary' }, notes: [{ file: found.name, line: null, text: 'is a binary file and was not read; unpack it first if it is compressed' }] }
  const text = head.toString('utf8')
  const reader = configReaderOf({ file: found.name, text })
  if (reader && found.bytes <= mostConfigBytes) {
    const whole = found.bytes > headBytes ? (await readWhole(found.path)).toString('utf8') : text
    return { kind: 'config', reader, file: { file: found.name, text: whole }, source: { ...blank, kind: reader.kind, lines: whole.split('\n').length } }
  }
  return readLog(found, year, blank)
}

/** The reader that is surest that this is its product's; null when none is. */
export function configReaderOf(file: ConfigFile): ConfigReader | null {
  const ranked = configReaders.map((reader) => ({ reader, sure: reader.recognises(file) })).toSorted((a, b) => b.sure - a.sure)
  const best = ranked[0]
  return best && best.sure >= 0.5 ? best.reader : null
}

async function readLog(found: FoundFile, year: number, blank: DiagnosedSource): Promise<FileReading> {
  const log = openLog(found.name, year)
  const facts = createFactStore()
  const large = found.bytes > largeLogBytes
  let number = 0
  let skipped = 0
  await (large ? eachLine : eachLineOfSmall)(found.path, (line) => {
    number++
    if (large && isRoutine(line)) skipped++
    else for (const fact of log.take(line, number)) facts.add(fact)
  })
  for (const fact of log.close()) facts.add(fact)
  const [main] = [...log.outcome.readers].toSorted((a, b) => b[1] - a[1])
  const source = { ...blank, kind: main ? `${main[0]} log` : 'text', lines: number, facts: facts.seen }
  return { kind: 'log', facts: facts.facts(), source, notes: logNotes(found, facts, skipped) }
}

function logNotes(found: FoundFile, facts: FactStore, skipped: number): DiagnosisNote[] {
  return [
    ...(facts.dropped > 0 ? [{ file: found.name, line: null, text: `${facts.dropped} entries that told least were left out: name the time with --around or the request with --request` }] : []),
    ...(skipped > 0 ? [{ file: found.name, line: null, text: `${skipped} ordinary lines (2xx and 3xx) were counted and not looked at` }] : []),
  ]
}

/** A small file at once, as the UTF-8 it most likely is. */
async function eachLineOfSmall(path: string, take: (line: string) => void): Promise<void> {
  const lines = (await readWhole(path)).toString('utf8').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  for (const line of lines) take(line)
}

/** Lines without their terminators, decoded as Latin-1: log words are ASCII, and no byte is ever invalid. */
async function eachLine(path: string, take: (line: string) => void): Promise<void> {
  let rest = ''
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const text = rest + chunk.toString('latin1')
    let from = 0
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      take(text.charCodeAt(at - 1) === 13 && at > from ? text.slice(from, at - 1) : text.slice(from, at))
      from = at + 1
    }
    // A line without an end must not eat the memory: what is over 1 MB is taken as it is.
    rest = text.length - from > 1024 * 1024 ? (take(text.slice(from)), '') : text.slice(from)
  }
  if (rest !== '') take(rest)
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(headBytes)
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try { return await file.readFile() } finally { await file.close() }
}

/** A NUL in the beginning: no text of any encoding that logs are written in (UTF-16 has to be converted first). */
function isBinary(head: Buffer): boolean {
  return head.includes(0)
}
