import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Diagnosis, DiagnosedSource, DiagnosisNote } from '../../shared/diagnose/diagnosis.ts'
import { diagnoseInput } from '../../shared/diagnose/diagnose.ts'
import type { ConfigFile } from '../../shared/diagnose/configs/reader.ts'
import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { parseAnyTime } from '../../shared/diagnose/logs/time.ts'
import { openLog } from '../../shared/diagnose/logs/read-log.ts'
import { parseSaw } from '../../shared/diagnose/observe/saw.ts'
import type { View } from '../../shared/diagnose/observe/view.ts'
import { findFiles } from './find-files.ts'
import { configReaderOf, readFileAsWhatItIs } from './read-file.ts'

export interface DiagnoseRequest {
  /** Files and folders. */
  paths: readonly string[]
  /** Texts without a file: standard input, pasted or dropped into the screen. */
  texts?: readonly ConfigFile[]
  /** Files with what an observer saw. */
  saw: readonly string[]
  /** ms since 1970; null = the request that went wrong. */
  aroundMs: number | null
  request: string | null
}

/** What the user has to mend before anything can be said. */
export class DiagnoseError extends Error {
  readonly code: string
  readonly hint: string | null
  readonly where: string | null
  constructor(code: string, message: string, hint: string | null, where: string | null) {
    super(message)
    this.code = code
    this.hint = hint
    this.where = where
  }
}

interface Gathered { configs: { reader: NonNullable<ReturnType<typeof configReaderOf>>; file: ConfigFile }[]; facts: LogFact[]; notes: DiagnosisNote[]; sources: DiagnosedSource[] }

/** Reads everything, then hands plain values to the pure diagnosis. Throws DiagnoseError where there is nothing to go by. */
export async function runDiagnose(request: DiagnoseRequest): Promise<Diagnosis> {
  const views = (await Promise.all(request.saw.map(readSaw))).flat()
  const { files, notes } = await findFiles(request.paths)
  const year = new Date().getUTCFullYear()
  const gathered: Gathered = { configs: [], facts: [], notes, sources: [] }
  for (const found of files) {
    const reading = await readFileAsWhatItIs(found, year).catch((error: NodeJS.ErrnoException) => error)
    if (reading instanceof Error) { gathered.notes.push({ file: found.name, line: null, text: `cannot be read: ${reading.message}` }); continue }
    gathered.sources.push(reading.source)
    if (reading.kind === 'config') gathered.configs.push(reading)
    else {
      gathered.notes.push(...reading.notes)
      if (reading.kind === 'log') for (const fact of reading.facts) gathered.facts.push(fact)
    }
  }
  for (const text of request.texts ?? []) takeText(text, year, gathered)
  if (gathered.sources.length === 0 && views.length === 0) throw new DiagnoseError('nothing_to_read', 'there is nothing to diagnose', 'name configurations and logs, folders with them, - for standard input, or --saw with what a client saw', request.paths[0] ?? null)
  const texts = gathered.configs.map(({ file }) => file)
  const read = gathered.configs.map(({ reader, file }) => readConfig(reader, file, texts))
  return diagnoseInput({
    facts: gathered.facts, limits: read.flatMap((reading) => reading.limits), views, notes: [...gathered.notes, ...read.flatMap((reading) => reading.notes)], sources: gathered.sources,
    aroundMs: request.aroundMs, request: request.request,
  })
}

/** A reader that stumbles over a file must not take the others with it. */
function readConfig(reader: Gathered['configs'][number]['reader'], file: ConfigFile, texts: readonly ConfigFile[]) {
  try {
    return reader.read(file, texts.filter((other) => other !== file))
  } catch (error) {
    return { limits: [], notes: [{ file: file.file, line: null, text: `could not be read as ${reader.kind}: ${error instanceof Error ? error.message : String(error)}` }] }
  }
}

function takeText(text: ConfigFile, year: number, into: Gathered): void {
  const lines = text.text.split(/\r?\n/)
  const source: DiagnosedSource = { file: text.file, kind: 'text', bytes: text.text.length, lines: lines.length, facts: 0, skewMs: null }
  const reader = configReaderOf({ file: text.file, text: text.text.slice(0, 65_536) })
  if (reader) {
    into.sources.push({ ...source, kind: reader.kind })
    into.configs.push({ reader, file: text })
    return
  }
  const log = openLog(text.file, year)
  const facts = [...lines.flatMap((line, index) => log.take(line, index + 1)), ...log.close()]
  into.facts.push(...facts)
  into.sources.push({ ...source, facts: facts.length })
}

async function readSaw(path: string): Promise<View[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => { throw new DiagnoseError('saw_unreadable', `--saw ${basename(path)} cannot be read: ${error.message}`, null, path) })
  const parsed = parseSaw(text)
  if (!parsed.ok) throw new DiagnoseError('bad_saw', `--saw ${basename(path)} cannot be understood: ${parsed.problem}`, 'a HAR, the output of curl -v, or an observation object', path)
  return parsed.views
}

/** `--around`: any time a log would write. Null where it is none. */
export function parseAround(text: string): number | null {
  return parseAnyTime(text)
}
