import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Rules of `docs/security.md` that are about what the sources do not contain. */
const shell = ['electron', 'renderer', 'shared'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name)).map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })))

test('nothing opens an address outside of the app', () => {
  expect(shell.length).toBeGreaterThan(100)
  expect(shell.filter(({ text }) => /\bopenExternal\b|import \{[^}]*\bshell\b[^}]*\} from 'electron'/.test(text)).map(({ path }) => path)).toEqual([])
})

test('nothing is loaded from a file: address', () => {
  expect(shell.filter(({ text }) => /\bloadFile\(|['"]file:\/\//.test(text)).map(({ path }) => path)).toEqual([])
})

test('the Electron that is packed is the one that was locked, of one major', () => {
  const wanted = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: { electron: string } }).devDependencies.electron
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> }
  const locked = Object.entries(packages).filter(([path]) => /(?:^|\/)node_modules\/electron$/.test(path)).map(([, { version }]) => version)
  const { version: installed } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string }
  expect(locked).toEqual([installed])
  expect(wanted).toMatch(new RegExp(`^[~^]?${installed.split('.')[0]}\\.\\d+\\.\\d+$`))
})
