import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'

export interface ConfigFile { file: string; text: string }
export interface ConfigReading { limits: DiagnosedLimit[]; notes: DiagnosisNote[]; embedded?: EmbeddedFile[] }
/** A file inside a file, as a ConfigMap holds one: `line` is the line of its own first line. */
export interface EmbeddedFile { name: string; text: string; line: number; reader?: string }

/** Reads one product's configuration. */
export interface ConfigReader {
  id: string
  /** What the file is, for people: `nginx configuration`. */
  kind: string
  /**
   * How sure the content is this product's, 0..1; from 0.5 on it is read as such. The name is only a hint: files come renamed, pasted
   * and without one. Must be quick on anything: only the beginning is handed in.
   */
  recognises(file: ConfigFile): number
  /** Its limits; `others` are the files dropped in with it (includes). What cannot be read becomes a note. */
  read(file: ConfigFile, others: readonly ConfigFile[]): ConfigReading
  /** Names of the other files that this one includes: they are read in their place, and not again by themselves. */
  includes?(file: ConfigFile, others: readonly ConfigFile[]): string[]
}

/** Lines read of one configuration; of a longer one the rest is left, with a note. */
export const mostLines = 200_000

const longestValue = 500
/** Longer than any product counts: 30,000 years in ms. */
const mostMs = 1e15

function isTime(valueMs: number | null): boolean {
  return valueMs === null || (valueMs >= 0 && valueMs <= mostMs)
}

/** A limit with the usual blanks; a number that is no time any product takes is no limit in force. */
export function limitOf(known: Pick<DiagnosedLimit, 'layer' | 'product' | 'directive' | 'valueMs' | 'asWritten' | 'file' | 'line' | 'meaning'> & Partial<DiagnosedLimit>): DiagnosedLimit {
  const limit = { enforced: true, cause: null, alsoCauses: [], counts: 'other' as const, scope: null, isDefault: false, attempts: 1, ...known, asWritten: known.asWritten.slice(0, longestValue) }
  return isTime(known.valueMs) ? limit : { ...limit, valueMs: null, enforced: false }
}

/** The first of each: several rules may find the same limit. */
export function withoutRepeats(limits: readonly DiagnosedLimit[], keyOf: (limit: DiagnosedLimit) => string): DiagnosedLimit[] {
  const seen = new Set<string>()
  return limits.filter((limit) => {
    const key = keyOf(limit)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

export function noteOf(file: string, line: number | null, text: string): DiagnosisNote {
  return { file, line, text }
}

/** The file's name without its folders. */
export function baseName(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file
}
