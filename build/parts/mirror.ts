import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { filesBelow, root } from './fresh.ts'

const folders = ['electron', 'shared'] as const
/** Left out: what is no part of the program, and the preload, which is bundled into one file. */
const left = /(^|[\\/])(tsconfig\.json|README\.md|electron[\\/]preload\.ts)$/

/**
 * Mirrors `electron/` and `shared/` into `dist/` as JavaScript: types are blanked out (lines and columns stay), imports name the
 * `.js` file, everything else is copied. The folders stay as they are, so what a file finds beside itself in a checkout it also
 * finds in the packages. Node strips types by itself, but refuses to below `node_modules`; that is all this is for.
 */
export function mirrorSources(dist: string): void {
  for (const folder of folders) {
    rmSync(join(dist, folder), { recursive: true, force: true })
    for (const file of filesBelow(join(root, folder)).filter((path) => !left.test(path))) {
      const target = join(dist, relative(root, file))
      mkdirSync(dirname(target), { recursive: true })
      if (/\.[jt]s$/.test(file)) writeFileSync(target.replace(/\.ts$/, '.js'), toJavaScript(readFileSync(file, 'utf8')))
      else cpSync(file, target)
    }
  }
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module', private: true }, null, 2)}\n`)
}

/** TypeScript as JavaScript. Only relative paths in quotes are renamed; they occur in imports and beside `import.meta.url`. */
export function toJavaScript(source: string): string {
  return stripTypeScriptTypes(source).replace(/(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g, '$1$2.js$1')
}
