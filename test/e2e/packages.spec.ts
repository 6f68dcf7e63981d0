import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findProgram } from '../../build/test-tools/find-program.ts'
import { writeStubElectron } from '../../build/stub-electron.ts'
import { writeStubFpm, type FpmCall } from '../helpers/stub-fpm.ts'

const root = join(import.meta.dirname, '../..')

describe('the desktop package, unpacked (`npm run dist -- --dir`)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-dist-'))
  const app = join(folder, 'release/linux-unpacked')
  const archive = join(app, 'resources/app.asar')
  let files: string[] = []
  const pack = (output: string, what: string[], env: Record<string, string> = {}) => spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'build/dist.ts'), ...what, '--linux', '--output', output], { cwd: root, encoding: 'utf8', env: { ...process.env, CUTOFF_ELECTRON_DIST: join(folder, 'electron'), ...env } })
  beforeAll(() => {
    writeStubElectron(join(folder, 'electron'))
    const run = pack(join(folder, 'release'), ['--dir'])
    if (run.status !== 0) throw new Error(run.stdout + run.stderr)
    files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'))
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const read = (path: string) => extractFile(archive, path).toString('utf8')

  test('holds main process, preload, engine and screen', () => {
    for (const path of ['/dist/electron/main.js', '/dist/electron/preload.cjs', '/dist/electron/desktop/engine-process.js', '/dist/electron/engine.js', '/dist/shared/bridge/schemas.js', '/dist/out/renderer/index.html', '/dist/shared/samples/two_second_delay.py', '/dist/package.json', '/package.json']) expect(files).toContain(path)
    expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'cutoff', main: 'dist/electron/main.js', type: 'module' })
    expect(read('dist/out/renderer/index.html')).toContain('<div id="root">')
  })
  test('holds the screen as it is built for production, whoever built it', () => {
    const scripts = files.filter((path) => /^\/dist\/out\/renderer\/assets\/.*\.js$/.test(path))
    expect(scripts.length).toBeGreaterThan(5)
    expect(scripts.filter((path) => read(path.slice(1)).includes('jsxDEV'))).toEqual([])
  })
  test('holds every file that its main process and its engine import', () => {
    const missing = new Set<string>()
    const seen = new Set<string>()
    const visit = (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      for (const [, target = ''] of read(path).matchAll(/(?:from|import|import\()\s*'(\.{1,2}\/[^']+)'/g)) {
        const imported = join('/', path, '..', target).slice(1)
        if (files.includes(`/${imported}`)) visit(imported)
        else missing.add(`${path} -> ${imported}`)
      }
    }
    visit('dist/electron/main.js')
    visit('dist/electron/desktop/engine-process.js')
    expect([...missing]).toEqual([])
    expect(seen.size).toBeGreaterThan(50)
  })
  test('holds the packages that the engine imports, and not those that are built into the screen', () => {
    for (const name of ['execa', 'valibot', 'yaml', 'ws']) expect(files.some((path) => path.startsWith(`/node_modules/${name}/`)), name).toBe(true)
    for (const name of ['react', 'react-dom', 'recharts', '@mantine', 'codemirror', 'electron', 'vite', 'playwright-core', 'typescript']) expect(files.filter((path) => path.startsWith(`/node_modules/${name}/`)), name).toEqual([])
  })
  test('holds no sources, tests, maps or build scripts', () => {
    expect(files.filter((path) => /\.(?:ts|tsx|map|tsbuildinfo)$/.test(path))).toEqual([])
    expect(files.filter((path) => /^\/(?:test|build|docs|renderer|electron|shared|\.ci|\.git|\.github)(?:\/|$)/.test(path))).toEqual([])
  })
  test('has the Python harness outside of the archive, where Python can read it', () => {
    expect(existsSync(join(app, 'resources/app.asar.unpacked/dist/electron/python/harness'))).toBe(true)
    const harness = files.filter((path) => path.startsWith('/dist/electron/python/harness/') && path.endsWith('.py'))
    expect(harness.length).toBeGreaterThan(0)
    const unpacked = harness.map((path) => join(app, 'resources/app.asar.unpacked', path))
    for (const path of unpacked) expect(existsSync(path), path).toBe(true)
    const compiled = spawnSync(findProgram('python3') ?? findProgram('python') ?? 'python3', ['-c', 'import sys\nfor path in sys.argv[1:]: compile(open(path, encoding="utf-8").read(), path, "exec")', ...unpacked], { encoding: 'utf8' })
    expect(compiled.status, compiled.stderr).toBe(0)
  })
  test('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(app, 'cutoff-desktop'))
    expect(wire[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE)
    expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(FuseState.DISABLE)
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(FuseState.DISABLE)
    expect(wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(FuseState.ENABLE)
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.ENABLE)
    expect(wire[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(FuseState.DISABLE)
    expect(wire[FuseV1Options.EnableCookieEncryption]).toBe(FuseState.ENABLE)
  })
  test('carries the licences of Cutoff, of Electron and of every package in it', () => {
    expect(readFileSync(join(app, 'LICENSE.cutoff.txt'), 'utf8')).toContain('MIT')
    expect(existsSync(join(app, 'LICENSE.electron.txt'))).toBe(true)
    const others = readFileSync(join(app, 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    const inside = new Set(files.flatMap((path) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? []))
    expect(inside.size).toBeGreaterThan(8)
    for (const name of [...inside, 'react', 'react-dom', '@mantine/core', '@codemirror/view', '@astral-sh/ruff-wasm-web', 'recharts', 'zustand']) expect(others, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+[^:]*: \\S+`, 'm'))
    expect(others).toContain('Permission is hereby granted')
  })
  test('names its window as the desktop entry does', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({ desktopName: 'cutoff-desktop.desktop' })
  })
  test('brings no language but the one it speaks', () => {
    expect(readdirSync(join(app, 'locales'))).toEqual(['en-US.pak'])
  })

  describe('made again, as deb and rpm', () => {
    let fpm: { path: string; call: (kind: 'deb' | 'rpm') => FpmCall }
    beforeAll(() => {
      fpm = writeStubFpm(folder)
      const run = pack(join(folder, 'again'), ['--targets', 'deb,rpm'], { CUSTOM_FPM_PATH: fpm.path })
      if (run.status !== 0) throw new Error(run.stdout + run.stderr)
    }, 300_000)
    test('the application is the same, byte by byte', () => {
      const again = join(folder, 'again/linux-unpacked')
      expect(contentsOf(join(again, 'resources/app.asar'))).toEqual(contentsOf(archive))
      // Installers add a profile for AppArmor; `--dir` is none.
      expect(hashesIn(again, ['resources/apparmor-profile'])).toEqual(hashesIn(app))
    })
    test.each(['deb', 'rpm'] as const)('the %s says who made it, where it is at home, its licence and that it needs Python', (kind) => {
      const { options } = fpm.call(kind)
      const value = (name: string) => options[options.indexOf(name) + 1]
      expect([value('--name'), value('--license'), value('--maintainer')]).toEqual(['cutoff', 'MIT', expect.stringMatching(/^.+ <.+@.+>$/)])
      expect(value('--url')).toMatch(/^https:\/\/\S+$/)
      expect(options.flatMap((option, index) => option === '-d' ? [options[index + 1]] : [])).toContain('python3')
    })
    test.each(['deb', 'rpm'] as const)('the %s installs a desktop entry, its types and its icon in every size', (kind) => {
      const { files } = fpm.call(kind)
      const entry = Object.fromEntries((files['/usr/share/applications/cutoff-desktop.desktop'] ?? '').split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
      expect(entry).toMatchObject({ Name: 'Cutoff', Exec: '/opt/Cutoff/cutoff-desktop %U', Icon: 'cutoff-desktop', StartupWMClass: 'cutoff-desktop', Categories: 'Development;' })
      expect(entry['MimeType'].split(';')).toEqual(expect.arrayContaining(['text/x-python', 'application/vnd.cutoff.run+json']))
      const types = files['/usr/share/mime/packages/cutoff-desktop.xml'] ?? ''
      expect(types).toContain('<mime-type type="application/vnd.cutoff.run+json">\n  <glob pattern="*.cutoff"/>')
      expect(types).not.toContain('*.py')
      expect(Object.keys(files).flatMap((path) => /hicolor\/(\d+)x\1\/apps\/cutoff-desktop\.png$/.exec(path)?.[1] ?? [])).toEqual(['16', '24', '32', '48', '64', '128', '256', '512'])
    })
  })
})

/** Hash of every file below a folder, but for those left out. */
function hashesIn(folder: string, leftOut: string[] = []): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  return Object.fromEntries(files.filter((file) => !leftOut.includes(file)).toSorted().map((file) => [file, hashOf(join(folder, file))]))
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** Every file of an archive with the hash of its content. */
function contentsOf(path: string): Record<string, string> {
  return Object.fromEntries(listPackage(path, { isPack: false }).map((file) => {
    const entry = statFile(path, file.slice(1))
    return [file, 'integrity' in entry ? entry.integrity?.hash ?? '' : 'folder']
  }))
}
