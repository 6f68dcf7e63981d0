import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { withComposeOverrides, withContainerPrecedence } from './container-precedence.ts'
import { withGunicornPrecedence } from './gunicorn-precedence.ts'
import { configReaders } from './index.ts'
import { mostLines, noteOf, type ConfigFile, type ConfigReader, type EmbeddedFile } from './reader.ts'

/** How much of a file is looked at to recognise it. */
const sample = 65_536
/** Longest configuration that is read; a longer file is read up to here, with a note. */
export const longestConfig = 4_000_000

/** Folders of Debian's nginx and Apache from which only what is linked is in use. */
const available = /(?:^|\/)(?:sites|conf|mods)-available\//

/** Files inside one file that are read. */
const mostEmbedded = 50

/** Limits kept of one file: hand-written ones have tens, and they are compared with each other. */
const mostLimits = 1500

export interface RecognisedConfig { file: string; reader: ConfigReader; score: number }

/** Which reader's configuration a text is; null if none is sure enough (a log, data, prose). */
export function recogniseConfig(file: ConfigFile): RecognisedConfig | null {
  const head = { file: file.file, text: file.text.slice(0, sample) }
  let best: RecognisedConfig | null = null
  for (const reader of configReaders) {
    const score = reader.recognises(head)
    if (score >= 0.5 && score > (best?.score ?? 0)) best = { file: file.file, reader, score }
  }
  return best
}

/** Limits of all configurations among these files; files that are none are left out, unless a configuration includes them. A reader that fails becomes a note. */
export function readConfigs(files: readonly ConfigFile[]): { limits: DiagnosedLimit[]; notes: DiagnosisNote[]; kinds: Map<string, string> } {
  const kinds = new Map<string, string>()
  const limits: DiagnosedLimit[] = []
  const notes: DiagnosisNote[] = []
  const plain = files.map((file) => file.text.charCodeAt(0) === 0xfeff ? { file: file.file, text: file.text.slice(1) } : file)
  const known = plain.flatMap((file) => {
    const recognised = recogniseConfig(file)
    return recognised ? [{ file, reader: recognised.reader }] : []
  })
  const elsewhere = includedElsewhere(known, plain)
  for (const name of elsewhere) kinds.set(name, 'part of a configuration')
  for (const { file, reader } of known) {
    kinds.set(file.file, reader.kind)
    if (elsewhere.has(file.file)) continue
    const reading = readOne(reader, file, plain)
    const idle = available.test(file.file) && known.some((other) => other.reader === reader && !available.test(other.file.file))
    limits.push(...(idle ? reading.limits.map((limit) => ({ ...limit, enforced: false, meaning: `${limit.meaning} The file is available, and nothing includes it.` })) : reading.limits))
    notes.push(...reading.notes)
  }
  return { limits: withGunicornPrecedence(withContainerPrecedence(withComposeOverrides(withoutDoubles(limits), plain), plain)), notes, kinds }
}

/** Files that another one includes are read there, with what they inherit; of files that include each other the first is read. */
function includedElsewhere(known: readonly { file: ConfigFile; reader: ConfigReader }[], all: readonly ConfigFile[]): Set<string> {
  const included = new Map(known.map(({ file, reader }) => [file.file, new Set(reader.includes?.(file, all) ?? [])]))
  const found = new Set<string>()
  for (const [file, names] of included) for (const name of names) if (name !== file && !(included.get(name)?.has(file) && found.has(file))) found.add(name)
  return found
}

function readOne(reader: ConfigReader, file: ConfigFile, files: readonly ConfigFile[]): { limits: DiagnosedLimit[]; notes: DiagnosisNote[] } {
  const { bounded, cut } = withinBounds(file)
  try {
    const own = reader.read(bounded, files)
    const inside = (own.embedded ?? []).slice(0, mostEmbedded).map((embedded) => readEmbedded(embedded, file.file, files))
    const reading = { limits: [...own.limits, ...inside.flatMap((one) => one.limits)], notes: [...own.notes, ...inside.flatMap((one) => one.notes)] }
    const many = reading.limits.length > mostLimits ? [noteOf(file.file, null, `${reading.limits.length} limits: only the first ${mostLimits} are shown and judged`)] : []
    return { limits: reading.limits.slice(0, mostLimits), notes: [...cut, ...many, ...firstNotes(reading.notes, file.file), ...oversized(reading.limits)] }
  } catch (error) {
    return { limits: [], notes: [...cut, noteOf(file.file, null, `could not be read as ${reader.kind}: ${error instanceof Error ? error.message : String(error)}`)] }
  }
}

/** What is read of a file, and what is said about the rest. */
function withinBounds(file: ConfigFile): { bounded: ConfigFile; cut: DiagnosisNote[] } {
  const text = file.text.length > longestConfig ? file.text.slice(0, longestConfig) : file.text
  const end = endOfLine(text, mostLines)
  const cut = [...(text === file.text ? [] : [`only the first ${longestConfig / 1_000_000} MB were read`]), ...(end === text.length ? [] : [`only the first ${mostLines} lines were read`])]
  return { bounded: cut.length === 0 ? file : { file: file.file, text: text.slice(0, end) }, cut: cut.map((words) => noteOf(file.file, null, words)) }
}

/** Where the so-manieth line ends; the text's end where it has fewer. */
function endOfLine(text: string, number: number): number {
  let at = -1
  for (let line = 0; line < number; line++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return text.length
  }
  return at + 1
}

/** Notes shown of one file. */
const mostNotes = 100

function firstNotes(notes: readonly DiagnosisNote[], file: string): DiagnosisNote[] {
  const different = [...new Map(notes.map((note) => [`${note.file}:${note.line} ${note.text}`, note])).values()]
  return different.length <= mostNotes ? different : [...different.slice(0, mostNotes), noteOf(file, null, `${different.length - mostNotes} further notes are not shown`)]
}

/** A file inside a file: its lines are counted as the outer file's. One that nobody knows is passed over. */
function readEmbedded(embedded: EmbeddedFile, file: string, files: readonly ConfigFile[]): { limits: DiagnosedLimit[]; notes: DiagnosisNote[] } {
  const text = embedded.text.slice(0, longestConfig)
  const reader = embedded.reader ? configReaders.find((candidate) => candidate.id === embedded.reader) : recogniseConfig({ file: embedded.name, text })?.reader
  if (!reader) return { limits: [], notes: [] }
  const reading = reader.read({ file: embedded.name, text }, files)
  const lineOf = (line: number | null) => (line === null ? null : line + embedded.line - 1)
  // A snippet is a part of something else: what it does not say is said there.
  const limits = embedded.reader ? reading.limits.filter((limit) => !limit.isDefault) : reading.limits
  return { limits: limits.map((limit) => ({ ...limit, file, line: lineOf(limit.line), scope: [embedded.name, limit.scope].filter((part) => part !== null && part !== '').join(', ') })), notes: reading.notes.map((note) => ({ ...note, file, line: lineOf(note.line) })) }
}

function oversized(limits: readonly DiagnosedLimit[]): DiagnosisNote[] {
  return limits.filter((limit) => limit.valueMs === null && /\d{13}/.test(limit.asWritten)).slice(0, 20).map((limit) => noteOf(limit.file, limit.line, `${limit.directive} ${limit.asWritten.slice(0, 40)}: larger than any time or size a product takes`))
}

/** A file that is also included by another is read twice; its limits count once, in force if they are anywhere. */
function withoutDoubles(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
  const seen = new Map<string, DiagnosedLimit>()
  for (const limit of limits) {
    const key = limit.line === null ? `${limit.file} ${limit.product} ${limit.directive} ${limit.scope} ${limit.cause}` : `${limit.file}:${limit.line} ${limit.directive} ${limit.asWritten} ${limit.cause}`
    const other = seen.get(key)
    seen.set(key, other && other.enforced && !limit.enforced ? other : limit)
  }
  return [...seen.values()]
}
