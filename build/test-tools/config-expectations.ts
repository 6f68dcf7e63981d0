import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readConfigs } from '../../shared/diagnose/configs/read-config.ts'
import type { ConfigFile } from '../../shared/diagnose/configs/reader.ts'
import type { DiagnosedLimit } from '../../shared/diagnose/diagnosis.ts'

/** Configurations with what is in force in them. */
export const configFolder = join(import.meta.dirname, '../../test/fixtures/configs')

/** Files that are read together: each by itself, those of a folder as one system. Names without the ending `.txt`. */
export function configGroups(): Map<string, ConfigFile[]> {
  const groups = new Map<string, ConfigFile[]>()
  for (const name of readdirSync(configFolder).toSorted()) {
    const path = join(configFolder, name)
    if (name === 'README.md' || name === 'expected.txt') continue
    const isFolder = statSync(path).isDirectory()
    const files = isFolder ? readdirSync(path, { recursive: true }).map((entry) => join(path, String(entry))).filter((file) => statSync(file).isFile()).toSorted() : [path]
    groups.set(isFolder ? `${name}/` : plain(name), files.map((file) => ({ file: plain(relative(isFolder ? path : configFolder, file).replaceAll('\\', '/')), text: readFileSync(file, 'utf8').replaceAll('\r\n', '\n') })))
  }
  return groups
}

function plain(name: string): string {
  return name.replace(/\.txt$/, '')
}

/** What is read of a group, a line per limit and note. */
export function expectationOf(files: readonly ConfigFile[]): string[] {
  const { limits, notes } = readConfigs(files)
  const place = (file: string, line: number | null) => `${files.length > 1 ? `${file}:` : ''}${line ?? 'def'}`
  return [...limits.map((limit) => `${place(limit.file, limit.line)} ${textOf(limit)}`), ...notes.map((note) => `note ${place(note.file, note.line)} ${note.text}`)]
}

function textOf(limit: DiagnosedLimit): string {
  const value = limit.valueMs === null ? limit.asWritten || 'none' : String(limit.valueMs)
  return `${limit.product}: ${limit.directive} = ${value}${limit.attempts > 1 ? ` x${limit.attempts}` : ''}${limit.enforced ? '' : ' off'} | ${limit.layer} ${limit.cause ?? '-'} ${limit.counts}`
}

/** All groups as `expected.txt` has them. */
export function allExpectations(): string {
  return [...configGroups()].map(([name, files]) => [`== ${name}`, ...expectationOf(files)].join('\n')).join('\n\n') + '\n'
}

// node build/test-tools/config-expectations.ts
if (import.meta.main) process.stdout.write(allExpectations())
