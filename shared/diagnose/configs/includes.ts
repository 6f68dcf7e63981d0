import type { DiagnosisNote } from '../diagnosis.ts'
import { baseName, mostLines, noteOf, type ConfigFile } from './reader.ts'

/** A line of a configuration with the place it was written at, which may be in a file that was included. */
export interface SourceLine { text: string; file: string; line: number }

/** What a line includes: a file name or a pattern with `*`. `isOptional`: nobody minds when it is not there. */
export interface Include { pattern: string; isOptional?: boolean }

/** Files that one configuration includes, those that are included several times counted each time. */
export const mostIncludes = 2000
/** Files within files. */
const deepestInclude = 8

/** A test of file names against the name or pattern in an include: by the end of the path, as far as both have one. Made once per pattern. */
export function includeTest(pattern: string): (file: string) => boolean {
  const wanted = pattern.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..')
  const name = wanted.at(-1)
  if (name === undefined) return () => false
  // A name alone is enough; with a pattern its folder must be the file's.
  if (!name.includes('*')) return (file) => baseName(file) === name
  const wild = wildName(name)
  const folder = wanted.at(-2)
  return (file) => {
    if (!wild.test(baseName(file))) return false
    const parts = file.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
    return folder === undefined || folder.includes('*') || parts.length < 2 || parts.at(-2) === folder
  }
}

/** A name with `*` as an expression. */
export function wildName(pattern: string): RegExp {
  const parts = pattern.slice(0, 300).split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Of the files that fit an include the ones whose path agrees best: `conf.d/a.vcl` rather than another `a.vcl`. */
export function includedFiles(pattern: string, others: readonly ConfigFile[]): ConfigFile[] {
  const fits = includeTest(pattern)
  const found = others.filter((other) => fits(other.file))
  if (found.length < 2 || /\*/.test(baseName(pattern))) return found
  const exact = found.filter((other) => `/${other.file}`.endsWith(`/${pattern.replace(/^(?:\.{0,2}\/)+/, '')}`))
  return (exact.length > 0 ? exact : found).slice(0, 1)
}

/** The lines of a file with those of the files it includes in their place; what cannot be followed becomes a note at its line. */
export function linesWithIncludes(file: ConfigFile, others: readonly ConfigFile[], includesOf: (line: string) => readonly Include[], notes: DiagnosisNote[]): SourceLine[] {
  const lines: SourceLine[] = []
  let left = mostIncludes
  const add = (from: ConfigFile, around: readonly ConfigFile[]) => {
    for (const [index, text] of from.text.split('\n').entries()) {
      if (lines.length >= mostLines) return
      const found = includesOf(text)
      if (found.length === 0) lines.push({ text, file: from.file, line: index + 1 })
      for (const include of found) {
        const files = left <= 0 ? [] : includedFiles(include.pattern, others).filter((other) => other.file !== from.file && !around.includes(other)).slice(0, Math.max(0, left))
        // Looking in vain costs as much.
        left -= Math.max(1, files.length)
        const why = around.length >= deepestInclude ? 'it is nested too deep' : left <= 0 ? `${mostIncludes} files were included already` : 'not among the given files; limits set there are missing'
        if (files.length === 0 && include.isOptional !== true) notes.push(noteOf(from.file, index + 1, `include ${include.pattern}: ${why}`))
        else if (around.length >= deepestInclude) notes.push(noteOf(from.file, index + 1, `include ${include.pattern}: ${why}`))
        else for (const other of files) add(other, [...around, other])
      }
    }
  }
  add(file, [file])
  return lines
}

/** Names of the other files that a file's lines include. */
export function namesIncluded(file: ConfigFile, others: readonly ConfigFile[], includesOf: (line: string) => readonly Include[]): string[] {
  const patterns = new Set(file.text.split('\n').flatMap((line) => includesOf(line).map((include) => include.pattern)))
  return [...patterns].slice(0, mostIncludes).flatMap((pattern) => includedFiles(pattern, others)).filter((other) => other.file !== file.file).map((other) => other.file)
}
