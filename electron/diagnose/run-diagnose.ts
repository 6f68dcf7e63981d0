import { readFile } from 'node:fs/promises'
import { diagnoseInput } from '../../shared/diagnose/diagnose.ts'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'
import { readConfigs } from '../../shared/diagnose/configs/read-config.ts'
import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { parseAnyTime, parseSyslogTime } from '../../shared/diagnose/logs/time.ts'
import { FactStore } from './fact-store.ts'
import { findFiles } from './find-files.ts'
import { parseSaw } from './read-observations.ts'
import { readGivenStream, readGivenText, readSource, unknownKind, type Collected } from './read-source.ts'

export interface DiagnoseArguments {
  /** Files and folders. */
  paths: readonly string[]
  /** Texts given directly: pasted, dropped, standard input. */
  texts?: readonly { file: string; text: string }[]
  /** Streams of unknown length: standard input. */
  streams?: readonly { file: string; stream: AsyncIterable<Buffer> }[]
  /** Files with what observers saw. */
  saw?: readonly string[]
  /** The same, given directly. */
  sawTexts?: readonly { file: string; text: string }[]
  /** ms since 1970. */
  aroundMs?: number | null
  /** An id or a path. */
  request?: string | null
}

/** Something the user can mend: a path that is not there, an observation that is none. */
export class DiagnoseError extends Error {
  readonly code: string
  readonly where: string | null
  readonly hint: string | null
  constructor(code: string, message: string, options: { where?: string | null; hint?: string | null } = {}) {
    super(message)
    this.code = code
    this.where = options.where ?? null
    this.hint = options.hint ?? null
  }
}

/** Around a time: facts within ten minutes of it, and those without a time. */
const aroundMs = 10 * 60_000

/** Reads everything it is given and says who cut the request. Rejects with DiagnoseError on what the user can mend. */
export async function runDiagnose(args: DiagnoseArguments): Promise<Diagnosis> {
  const at = args.aroundMs ?? null
  const collected: Collected = { configs: [], store: new FactStore(at === null ? null : (fact) => isNear(fact, at)), views: [], notes: [], sources: [], aroundMs: at }
  for (const path of args.saw ?? []) collected.views.push(...await readSaw(path))
  for (const given of args.sawTexts ?? []) collected.views.push(...viewsIn(given.text, given.file))
  const files = await findFiles(args.paths, collected.notes).catch((error: NodeJS.ErrnoException) => {
    throw new DiagnoseError(error.code === 'ENOENT' ? 'not_found' : 'not_readable', `${error.path ?? 'a path'} cannot be read: ${error.code === 'ENOENT' ? 'it does not exist' : error.message}`, { where: error.path ?? null, hint: 'give files, folders, or - for standard input' })
  })
  const texts = args.texts ?? []
  const streams = args.streams ?? []
  if (files.length === 0 && texts.length === 0 && streams.length === 0 && collected.views.length === 0 && collected.notes.length === 0) throw new DiagnoseError('nothing_to_read', 'there is nothing to diagnose', { hint: 'give configurations and logs, or what a client saw: cutoff diagnose /etc/nginx /var/log/nginx --saw observation.json' })
  for (const file of files) await readSource(file, args.request ?? null, collected)
  for (const given of streams) await readGivenStream(given.file, given.stream, args.request ?? null, collected)
  for (const text of texts) await readGivenText(text, args.request ?? null, collected, Date.now())
  return diagnosisOf(collected, at, args.request ?? null)
}

/** The diagnosis of what was collected so far; valid at any moment. */
export function diagnosisOf(collected: Collected, at: number | null, request: string | null): Diagnosis {
  const { limits, notes, kinds } = readConfigs(collected.configs)
  const sources = collected.sources.map((source) => (source.kind === 'configuration' || source.facts === 0 ? { ...source, kind: kinds.get(source.file) ?? source.kind } : source))
  // What is known by the configuration that includes it is known after all.
  const own = collected.notes.filter((note) => note.text !== unknownKind || !kinds.has(note.file))
  const dropped = collected.store.dropped()
  const more = dropped > 0 ? [{ file: '', line: null, text: `${dropped} further entries of the same kinds were counted and not kept` }] : []
  return diagnoseInput({ facts: collected.store.facts(), limits, views: collected.views, notes: [...own, ...notes, ...more], sources, aroundMs: at, request })
}

async function readSaw(path: string) {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new DiagnoseError(error.code === 'ENOENT' ? 'not_found' : 'not_readable', `${path} cannot be read: ${error.code === 'ENOENT' ? 'it does not exist' : error.code ?? error.message}`, { where: '--saw', hint: '--saw takes a HAR, the output of curl -v, or an observation object' })
  })
  return viewsIn(text, path)
}

function viewsIn(text: string, name: string) {
  const views = parseSaw(text)
  if (views.length === 0) throw new DiagnoseError('bad_saw', `${name} is no observation that is known`, { where: '--saw', hint: '--saw takes a HAR, the output of curl -v, a pasted error, or an observation object with "status", "end", "elapsed_ms"...' })
  return views
}

/** Is this entry within ten minutes of a moment, or without a time? */
export function isNear(fact: LogFact, at: number): boolean {
  return fact.timeMs === null || Math.abs(fact.timeMs - at) <= aroundMs
}

/** A time as people and logs write it, ms since 1970; null if it is none. */
export function parseAround(text: string): number | null {
  const bare = text.trim()
  if (/^\d{4}-\d{2}-\d{2}$|^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} /.test(bare)) return Number.isNaN(Date.parse(bare)) ? null : Date.parse(bare)
  return parseAnyTime(bare) ?? parseSyslogTime(bare, new Date().getUTCFullYear())
}
