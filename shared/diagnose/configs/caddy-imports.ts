import type { DiagnosisNote } from '../diagnosis.ts'
import { includedFiles, mostIncludes, type SourceLine } from './includes.ts'
import { mostLines, noteOf, type ConfigFile } from './reader.ts'

/** Snippets and files within each other. */
const deepest = 8
const wordPattern = /"(?:[^"\\]|\\.)*"|`[^`]*`|\S+/g

interface Snippet { name: string; head: SourceLine; body: SourceLine[]; used: boolean }

/** What an `import` names, with its arguments; null for a line that is none. */
function importIn(line: string): { name: string; args: string[] } | null {
  const match = /^\s*import\s+(.{1,2000}?)\s*(?:\{\s*)?$/.exec(line.replace(/(?:^|\s)#.*$/, ''))
  if (!match) return null
  const [name = '', ...args] = [...(match[1] ?? '').matchAll(wordPattern)].map((word) => word[0].replace(/^(["`])([\s\S]*)\1$/, '$2'))
  return { name, args }
}

/**
 * The lines of a Caddyfile as Caddy reads them: what `import` names, a snippet or files, stands in its place with its arguments filled in.
 * Snippets that nobody imports come last, as they are written.
 */
export function caddyLines(file: ConfigFile, others: readonly ConfigFile[], notes: DiagnosisNote[]): SourceLine[] {
  const snippets = new Map<string, Snippet>()
  const lines: SourceLine[] = []
  let left = mostIncludes
  const linesOf = (from: ConfigFile) => withoutSnippets(from, snippets)
  const add = (some: readonly SourceLine[], depth: number, inside: readonly string[]) => {
    for (const line of some) {
      if (lines.length >= mostLines) return
      const found = importIn(line.text)
      if (!found) {
        lines.push(line)
        continue
      }
      const place = { file: line.file, line: line.line }
      const say = (words: string) => notes.push(noteOf(place.file, place.line, `import ${found.name}: ${words}`))
      if (inside.includes(found.name) || depth > deepest || left-- <= 0) {
        say(inside.includes(found.name) ? 'it imports itself' : 'not followed any further')
        continue
      }
      const snippet = snippets.get(found.name)
      if (snippet) {
        snippet.used = true
        add(snippet.body.map((one) => ({ ...one, text: filledIn(one.text, found.args) })), depth + 1, [...inside, found.name])
        continue
      }
      const files = includedFiles(found.name, others.filter((other) => other.file !== place.file && !inside.includes(other.file)))
      if (files.length === 0) say(/[*./]/.test(found.name) ? 'not among the given files; limits set there are missing' : 'there is no such snippet here')
      for (const other of files.slice(0, left)) add(linesOf(other).map((one) => ({ ...one, text: filledIn(one.text, found.args) })), depth + 1, [...inside, found.name, other.file])
    }
  }
  add(linesOf(file), 0, [file.file])
  for (const snippet of snippets.values()) if (!snippet.used && snippet.head.file === file.file) lines.push(snippet.head, ...snippet.body, { ...snippet.head, text: '}' })
  return lines
}

/** Names of the other files that an import of this one names. */
export function caddyImports(file: ConfigFile, others: readonly ConfigFile[]): string[] {
  const rest = others.filter((other) => other.file !== file.file)
  const names = new Set(file.text.split('\n').flatMap((line) => importIn(line)?.name ?? []))
  return [...names].slice(0, mostIncludes).flatMap((name) => (file.text.includes(`(${name})`) ? [] : includedFiles(name, rest).map((other) => other.file)))
}

/** A file's lines; its snippets `(name) { ... }` are put aside. */
function withoutSnippets(file: ConfigFile, snippets: Map<string, Snippet>): SourceLine[] {
  const lines: SourceLine[] = []
  let open: Snippet | null = null
  let depth = 0
  for (const [index, text] of file.text.split('\n').entries()) {
    const line = { text, file: file.file, line: index + 1 }
    const bare = text.replace(/(?:^|\s)#.*$/, '').trim()
    const name: string | undefined = open === null && depth === 0 ? /^\(([^()\s]{1,200})\)\s*\{$/.exec(bare)?.[1] : undefined
    if (name !== undefined) {
      open = { name, head: line, body: [], used: false }
      if (!snippets.has(name)) snippets.set(name, open)
      continue
    }
    if (/(?:^|\s)\{$/.test(bare)) depth++
    else if (bare === '}') {
      if (open !== null && depth === 0) {
        open = null
        continue
      }
      depth = Math.max(0, depth - 1)
    }
    if (open) open.body.push(line)
    else lines.push(line)
  }
  return lines
}

/** `{args[0]}`, the older `{args.0}`, and `{args[:]}` for all of them. */
function filledIn(text: string, args: readonly string[]): string {
  if (!text.includes('{args')) return text
  return text.replaceAll(/\{args(?:\[(\d{1,3})\]|\.(\d{1,3}))\}/g, (whole, index: string | undefined, older: string | undefined) => args[Number(index ?? older)] ?? whole).replaceAll('{args[:]}', args.join(' '))
}
