import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Plugin } from 'vite'
import { root } from './fresh.ts'

/** A package that is shipped, and what its authors ask to be shipped with it. */
export interface ShippedPackage { name: string; version: string; license: string; text: string | null }

/** Beside the built screen: which packages are in it. */
export const bundledNames = 'packages.json'
export const licensesFile = 'THIRD-PARTY-LICENSES.txt'

/** Notes the packages whose code or files went into a bundle. */
export function notePackages(): Plugin {
  return {
    name: 'cutoff-note-packages',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) => part.type === 'chunk' ? part.moduleIds : part.originalFileNames.map((name) => join(root, 'renderer', name)))
      const folders = [...this.getModuleIds(), ...modules].map((id) => packageFolderOf(id.split('?')[0] ?? ''))
      const names = [...new Set(folders.filter((folder) => folder !== null).map((folder) => relative(join(root, 'node_modules'), folder).replaceAll(sep, '/')))].toSorted()
      this.emitFile({ type: 'asset', fileName: bundledNames, source: `${JSON.stringify(names)}\n` })
    },
  }
}

/** `.../node_modules/@scope/name` of a file in it; null for a file of ours. */
function packageFolderOf(file: string): string | null {
  const at = file.lastIndexOf(`node_modules${sep}`)
  if (at === -1) return null
  const [first = '', second = ''] = file.slice(at + 13).split(sep)
  return file.slice(0, at + 13) + (first.startsWith('@') ? join(first, second) : first)
}

/** Packages (from `node_modules`) that the engine needs when it runs, with all that they need; the platform's Node is told in its own package. */
export function enginePackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }> }
  return Object.entries(packages).filter(([path, facts]) => path.startsWith('node_modules/') && !facts.dev && !facts.optional && !facts.devOptional).map(([path]) => path.slice('node_modules/'.length))
}

/** Writes the licences of everything that is shipped in `dist`. Throws where a package names none at all: then it may not be shipped. */
export function writeLicenses(dist: string): void {
  const bundled = JSON.parse(readFileSync(join(root, 'out/renderer', bundledNames), 'utf8')) as string[]
  const names = [...new Set([...bundled, ...enginePackages()])].toSorted()
  writeFileSync(join(dist, licensesFile), licensesText(names.map(readPackage)))
}

/** `path` is from `node_modules`: of two versions of a package one is nested. */
function readPackage(path: string): ShippedPackage {
  const folder = join(root, 'node_modules', path)
  const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license?: string | { type: string } }
  const license = typeof facts.license === 'object' ? facts.license.type : facts.license
  if (!license) throw new Error(`${path} ${facts.version} names no licence: it cannot be shipped`)
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)(?:[.-]|$)/i.test(entry) && existsSync(join(folder, entry)))
  return { name: facts.name, version: facts.version, license, text: file ? readFileSync(join(folder, file), 'utf8').trim() : null }
}

export function licensesText(packages: readonly ShippedPackage[]): string {
  const rule = '-'.repeat(80)
  const list = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`).join('\n')
  const texts = packages.map(({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n\n${text ?? `The package carries no text of its licence; it is the ${license} licence.`}\n`)
  return `Cutoff contains these packages of others, under their own licences.\n\n${list}\n\n${texts.join('\n')}`
}

