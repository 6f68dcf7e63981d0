import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { DiagnosedSource, DiagnosisNote } from '../../shared/diagnose/diagnosis.ts'
import type { ConfigFile } from '../../shared/diagnose/configs/reader.ts'
import { longestConfig, recogniseConfig } from '../../shared/diagnose/configs/read-config.ts'
import { isCurlOutput } from '../../shared/diagnose/observe/curl-verbose.ts'
import type { View } from '../../shared/diagnose/observe/view.ts'
import type { FactStore } from './fact-store.ts'
import type { FoundFile } from './find-files.ts'
import { chunksOfFile } from './file-chunks.ts'
import { readersOf, readLog, type LogRead } from './read-log-file.ts'
import { parseObserved } from './read-observations.ts'

/** What all sources together gave. */
export interface Collected {
  /** Configurations, and short texts that may be a part of one. */
  configs: ConfigFile[]
  store: FactStore; views: View[]; notes: DiagnosisNote[]; sources: DiagnosedSource[]
  /** A moment that is asked about, ms since 1970: of huge logs more lines are read then. */
  aroundMs?: number | null
  /** Told of every piece of a log that was read; may throw to end the reading. */
  onBytes?: (bytes: number) => void
}

const headBytes = 64 * 1024
const chunkBytes = 1024 ** 2
/** A gzip may unpack to anything: beyond this it is left. */
const mostUnpacked = 4 * 1024 ** 3
/** Said of a file that nobody knows. */
export const unknownKind = 'is neither a configuration nor a log that is known'
/** A text that says nothing as a log may be a part of a configuration that includes it: what is longer is none. */
const longestSnippet = 256 * 1024
/** A packed log up to this size is read line by line. */
const wholeBytes = 16 * 1024 ** 2
const mostWide = 64 * 1024 ** 2

/** Reads one file as what its content is: configuration, log, observation. A file that cannot be read becomes a note. */
export async function readSource(file: FoundFile, request: string | null, into: Collected): Promise<void> {
  const head = await headOf(file.path).catch((error: NodeJS.ErrnoException) => {
    into.notes.push({ file: file.name, line: null, text: `cannot be read (${error.code ?? error.message}): check its permissions` })
    return null
  })
  if (head === null) return
  if (head.length === 0) return void into.notes.push({ file: file.name, line: null, text: 'is empty' })
  const gzip = head[0] === 0x1f && head[1] === 0x8b
  const utf16 = wideEncodingOf(head)
  if (!gzip && utf16 === null && isBinary(head)) return void into.notes.push({ file: file.name, line: null, text: 'is binary: left out' })
  try {
    if (gzip) await readPacked(file, request, into)
    else if (utf16 !== null) await readWide(file, utf16, request, into)
    else await readText(file, head, request, into)
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    into.notes.push({ file: file.name, line: null, text: `could not be read to its end: ${error instanceof Error ? error.message : String(error)}` })
  }
}

/** Unpacks on the way: what turns out small is read whole, what does not as any huge log. */
async function readPacked(file: FoundFile, request: string | null, into: Collected): Promise<void> {
  const stream = bounded(createReadStream(file.path).pipe(createGunzip()))[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let bytes = 0
  let ended = false
  while (bytes < wholeBytes && !ended) {
    const piece = await stream.next()
    if (piece.done) ended = true
    else bytes += first.push(piece.value) && piece.value.length
  }
  const head = Buffer.concat(first.splice(0))
  async function* all(): AsyncGenerator<Buffer> {
    yield head
    if (!ended) yield* { [Symbol.asyncIterator]: () => stream }
  }
  const config = configIn(file.name, head)
  if (config) return readGivenText(config, request, into, file.modifiedMs).finally(() => stream.return?.(undefined))
  await readLogStream(file, all(), head.subarray(0, headBytes), ended ? bytes : mostUnpacked, request, into)
}

/** What Windows tools write by default: two bytes per character, said in the first two. */
async function readWide(file: FoundFile, encoding: 'utf-16le' | 'utf-16be', request: string | null, into: Collected): Promise<void> {
  if (file.bytes > mostWide) return void into.notes.push({ file: file.name, line: null, text: 'is UTF-16 and longer than 64 MB: save it as UTF-8' })
  const text = new TextDecoder(encoding).decode(await readFile(file.path))
  await readGivenText({ file: file.name, text }, request, into, file.modifiedMs)
}

function wideEncodingOf(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  return head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null
}

async function readText(file: FoundFile, head: Buffer, request: string | null, into: Collected): Promise<void> {
  const name = file.name
  if (isConfig({ file: name, text: head.toString('utf8') })) {
    const text = await wholeOf(file, head)
    into.configs.push({ file: name, text })
    into.sources.push({ file: name, kind: 'configuration', bytes: file.bytes, lines: linesIn(text), facts: 0, skewMs: null })
    if (tellsState(text)) await factsOf({ file: name, text }, file.modifiedMs, into)
    return
  }
  if (file.bytes <= longestConfig && (/^\s*[{[]/.test(head.toString('utf8', 0, 200)) || isOneCurl(head.toString('utf8')))) {
    const views = parseObserved(await wholeOf(file, head))
    if (views.length > 0) {
      into.views.push(...views)
      into.sources.push({ file: name, kind: 'observation', bytes: file.bytes, lines: 0, facts: views.length, skewMs: null })
      return
    }
  }
  const saysSomething = await readLogStream(file, chunksOfFile(file.path), head, file.bytes, request, into)
  if (!saysSomething && file.bytes <= longestSnippet) into.configs.push({ file: name, text: await wholeOf(file, head) })
}

/** A crash quotes lines of source: what holds a stack, a traceback or a panic is the console it was printed to. */
const crash = /^ {4}at .{1,300}:\d+:\d+\)?$|^Node\.js v\d+\.\d+|^Traceback \(most recent call last\):|^goroutine \d+ \[/m

function isConfig(file: ConfigFile): boolean {
  const recognised = recogniseConfig(file)
  return recognised !== null && !(/source|service configuration|command lines/.test(recognised.reader.kind) && crash.test(file.text.slice(0, headBytes)))
}

/** What one `curl` printed from its first line on; a log in which a script's curl left a line is none. */
function isOneCurl(text: string): boolean {
  return /^\s*(?:[*<>{}] |curl: \(\d+\)|% Total)/.test(text) && isCurlOutput(text)
}

/** `kubectl get pod -o yaml` is what was asked for and how it went: the second half is read as a log is. */
function tellsState(text: string): boolean {
  return /^\s*"?kind"?\s*:/m.test(text) && /^\s*"?(?:containerStatuses|lastState|conditions)"?\s*:/m.test(text)
}

async function factsOf(file: ConfigFile, modifiedMs: number, into: Collected): Promise<void> {
  const bytes = Buffer.from(file.text, 'utf8')
  await readLog({ name: file.file, bytes: bytes.length, year: new Date(modifiedMs).getUTCFullYear() }, chunksOf(bytes), bytes.subarray(0, headBytes), { request: null, aroundMs: null }, (fact) => into.store.add(fact))
}

async function readLogStream(file: FoundFile, stream: AsyncIterable<Buffer>, head: Buffer, bytes: number, request: string | null, into: Collected): Promise<boolean> {
  const read = await readLog({ name: file.name, bytes, year: new Date(file.modifiedMs).getUTCFullYear() }, into.onBytes ? watched(stream, into.onBytes) : stream, head, { request, aroundMs: into.aroundMs ?? null }, (fact) => into.store.add(fact))
  // Of a huge log in which nothing went wrong no line was decoded: its beginning tells what it is.
  const known = read.readers.size > 0 ? read : { readers: readersOf(head, { name: file.name, bytes, year: new Date(file.modifiedMs).getUTCFullYear() }) }
  into.sources.push({ file: file.name, kind: kindOf(known), bytes: file.bytes, lines: read.lines, facts: read.facts, skewMs: null })
  if (read.sampled) into.notes.push({ file: file.name, line: null, text: `${read.lines} lines, so many of interest that a sample of ${read.parsed} was read` })
  if (known.readers.size === 0 && read.lines > 0) into.notes.push({ file: file.name, line: null, text: unknownKind })
  return read.facts > 0
}

/** Text given directly: pasted, or from standard input. */
export async function readGivenText(given: { file: string; text: string }, request: string | null, into: Collected, nowMs: number): Promise<void> {
  const views = (/^\s*[{[]/.test(given.text.slice(0, 200)) || isOneCurl(given.text.slice(0, headBytes))) && given.text.length <= longestConfig ? parseObserved(given.text) : []
  if (isConfig(given)) {
    into.configs.push(given)
    into.sources.push({ file: given.file, kind: 'configuration', bytes: given.text.length, lines: linesIn(given.text), facts: 0, skewMs: null })
    if (tellsState(given.text)) await factsOf(given, nowMs, into)
  } else if (views.length > 0) into.views.push(...views)
  else {
    const bytes = Buffer.from(given.text, 'utf8')
    const saysSomething = await readLogStream({ path: '', name: given.file, bytes: bytes.length, modifiedMs: nowMs }, chunksOf(bytes), bytes.subarray(0, headBytes), bytes.length, request, into)
    if (!saysSomething && bytes.length <= longestSnippet) into.configs.push(given)
  }
}

/**
 * A stream of unknown length, standard input say: what turns out small is read as text is, what does not as any huge log, with
 * bounded memory. Packed input is unpacked, binary is a note.
 */
export async function readGivenStream(name: string, stream: AsyncIterable<Buffer>, request: string | null, into: Collected): Promise<void> {
  const pieces = stream[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let bytes = 0
  let ended = false
  while (bytes < wholeBytes && !ended) {
    const piece = await pieces.next()
    if (piece.done) ended = true
    else bytes += first.push(piece.value) && piece.value.length
  }
  const head = Buffer.concat(first.splice(0))
  async function* all(): AsyncGenerator<Buffer> {
    yield head
    if (!ended) yield* { [Symbol.asyncIterator]: () => pieces }
  }
  if (head.length === 0) return void into.notes.push({ file: name, line: null, text: 'is empty' })
  if (head[0] === 0x1f && head[1] === 0x8b) return readGivenStream(name, Readable.from(all()).pipe(createGunzip()), request, into).catch((error: unknown) => void into.notes.push({ file: name, line: null, text: `could not be read to its end: ${error instanceof Error ? error.message : String(error)}` }))
  const wide = wideEncodingOf(head)
  if (wide === null && isBinary(head)) return void into.notes.push({ file: name, line: null, text: 'is binary: left out' })
  if (ended) return readGivenText({ file: name, text: new TextDecoder(wide ?? 'utf-8').decode(head) }, request, into, Date.now())
  const config = configIn(name, head)
  // Nobody wrote so long a configuration: it is read as far as a file of that length is.
  if (config) return readGivenText(config, request, into, Date.now()).finally(() => pieces.return?.(undefined))
  await readLogStream({ path: '', name, bytes, modifiedMs: Date.now() }, bounded(all()), head.subarray(0, headBytes), mostUnpacked, request, into)
}

/** What is read of a stream that begins as a configuration does; null for everything else. */
function configIn(file: string, beginning: Buffer): ConfigFile | null {
  return isConfig({ file, text: beginning.toString('utf8', 0, headBytes) }) ? { file, text: beginning.toString('utf8', 0, longestConfig + 1) } : null
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

async function* watched(stream: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    onBytes(chunk.length)
    yield chunk
  }
}

async function* bounded(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let total = 0
  for await (const chunk of stream) {
    total += chunk.length
    if (total > mostUnpacked) return
    yield chunk
  }
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function wholeOf(file: FoundFile, head: Buffer): Promise<string> {
  if (file.bytes <= head.length) return head.toString('utf8')
  const handle = await open(file.path, 'r')
  try {
    const buffer = Buffer.alloc(Math.min(file.bytes, longestConfig + 1))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** A zero byte is in no text; UTF-16 files are full of them and say so in their first two bytes. */
function isBinary(head: Buffer): boolean {
  return head.subarray(0, 8192).includes(0)
}

function linesIn(text: string): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

const readerNames: Record<string, string> = { access: 'access log', app: 'application log', traceback: 'traceback', 'network-state': 'state of a network', 'next-hop': 'view of the next hop', cgroup: 'state of a cgroup', 'container-status': 'state of a container', 'node-crash': 'Node console' }

/** What a log is called by who read most of its lines: `nginx error log`. */
export function kindOf(read: Pick<LogRead, 'readers'>): string {
  const [most] = [...read.readers].toSorted((a, b) => b[1] - a[1])
  if (!most) return 'unknown'
  return readerNames[most[0]] ?? `${most[0].replace('-error', ' error')} log`
}
