import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const all = ['electron', 'renderer', 'shared', 'build', 'test'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`)).filter((path) => !/(?:^|\/)(?:node_modules|__pycache__)(?:\/|$)/.test(path))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('every folder of sources', () => {
  const sources = all.filter((path) => /^(?:electron|renderer|shared|build)\//.test(path) && /^\.(?:ts|tsx|py|css|yaml)$/.test(extname(path)))
  const folders = [...new Set(sources.map((path) => dirname(path)))].filter((folder) => sources.filter((path) => dirname(path) === folder).length >= 2)

  test('with two files or more has a README that says what lives there', () => {
    expect(folders.length).toBeGreaterThan(40)
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([])
  })
  test('has one that names no file which is gone', () => {
    const names = new Set(all.map((path) => basename(path)))
    const gone = folders.flatMap((folder) => existsSync(join(root, folder, 'README.md'))
      ? [...read(`${folder}/README.md`).matchAll(/`([\w.-]+\.(?:tsx?|py|css))`/g)].map(([, name = '']) => name).filter((name) => !names.has(name) && !existsSync(join(root, folder, name))).map((name) => `${folder}: ${name}`)
      : [])
    expect(gone).toEqual([])
  })
})

/** Tests that a text names as `file`: title. */
function claimsOf(text: string): { name: string; title: string }[] {
  return [...text.matchAll(/`([\w./-]+)`: ([^;|)\n]+)/g)].map(([, name = '', title = '']) => ({ name, title: title.trim() }))
}

describe("docs/security.md, Electron's checklist", () => {
  const rows = [...read('docs/security.md').matchAll(/^\| (\d+) ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, number, rule = '', how = '', proof = '']) => ({ number: Number(number), rule, how, proof }))

  test('has a row for each of the 20 rules', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })
  test.each(rows.map((row) => [`${row.number} ${row.rule}`, row] as const))('rule %s names a test that exists, by its title', (_, { proof }) => {
    expect(claimsOf(proof).length).toBeGreaterThan(0)
  })
  const claims = claimsOf(read('docs/security.md'))
  test.each(claims.map((claim) => [`${claim.name}: ${claim.title}`, claim] as const))('the test that it names is there: %s', (_, { name, title }) => {
    const files = all.filter((path) => path.startsWith('test/') && new RegExp(`(?:^|/)${name.replaceAll('.', '\\.')}(?:\\.(?:spec|test)\\.ts)?$`).test(path))
    expect(files, `test ${name}`).toHaveLength(1)
    // "..." stands for what a title lists.
    const [beginning = ''] = title.split(' ...')
    expect(read(files[0] ?? '').replaceAll("\\'", "'")).toContain(beginning)
  })
  test('names only files that exist', () => {
    const named = [...read('docs/security.md').matchAll(/`((?:electron|shared|test|build|renderer)\/[\w./-]+)`/g)].map(([, path = '']) => path)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(named.length).toBeGreaterThan(3)
  })
})
