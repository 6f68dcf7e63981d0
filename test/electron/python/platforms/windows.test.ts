import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder } from '../../../../electron/python/cache-folder.ts'
import { clockOffset } from '../../../../electron/python/clock.ts'
import { dataFolder } from '../../../../electron/data-folder.ts'
import { endLeftovers, endTree, leftInGroup } from '../../../../electron/python/end-tree.ts'
import { environmentOf } from '../../../../electron/python/environment.ts'
import { questionTo } from '../../../../electron/python/interpreter-probe.ts'
import { findInterpreter } from '../../../../electron/python/interpreters.ts'
import { lookUp } from '../../../../electron/python/path-lookup.ts'
import { machinePython } from '../run-script.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-windows-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program of this name, in a folder that may be on PATH. */
function program(place: string, name: string, text = `#!/bin/sh\nexec '${machinePython.path}' "$@"\n`): string {
  mkdirSync(join(folder, place), { recursive: true })
  const path = join(folder, place, name)
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}
/** An app execution alias, as Windows has them: a link that cannot be followed. */
function alias(name: string, target: string): string {
  mkdirSync(join(folder, 'WindowsApps'), { recursive: true })
  symlinkSync(target, join(folder, 'WindowsApps', name))
  return join(folder, 'WindowsApps', name)
}
const env = (...places: string[]) => ({ Path: places.map((place) => join(folder, place)).join(delimiter), PATHEXT: '.COM;.EXE;.BAT' })

describe('a command on Windows', () => {
  test('is found by the endings of programs, whatever PATH is called', async () => {
    const python = program('Python312', 'python.EXE')
    expect(await lookUp('python', env('Python312'), 'win32')).toEqual({ kind: 'found', path: python })
    expect(await lookUp('python.EXE', env('Python312'), 'win32')).toEqual({ kind: 'found', path: python })
  })
  test('may be a path without its ending', async () => {
    const python = program('Python312', 'python.EXE')
    expect(await lookUp(join(folder, 'Python312', 'python'), env(), 'win32')).toEqual({ kind: 'found', path: python })
    expect(await lookUp(join(folder, 'Python312', 'pypy'), env(), 'win32')).toMatchObject({ kind: 'missing' })
  })
  test('that only opens the store is passed over', async () => {
    alias('python3.EXE', 'C:\\Program Files\\WindowsApps\\Microsoft.DesktopAppInstaller\\AppInstallerPythonRedirector.exe')
    expect(await lookUp('python3', env('WindowsApps'), 'win32')).toEqual({ kind: 'missing', problem: 'no python3 on PATH' })
  })
  test('that is an alias for a Python from the store is taken, though it cannot be looked at', async () => {
    const python = alias('python3.EXE', 'C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.12\\python3.12.exe')
    expect(await lookUp('python3', env('WindowsApps'), 'win32')).toEqual({ kind: 'found', path: python })
  })
})

describe.runIf(process.platform !== 'win32')('the interpreter on Windows', () => {
  const find = (...places: string[]) => findInterpreter({ python: null, scriptPath: join(folder, 'script.py'), env: env(...places), platform: 'win32' }, { cacheFile: null })

  test('is `python` where `python3` only opens the store', async () => {
    alias('python3.EXE', 'AppInstallerPythonRedirector.exe')
    alias('python.EXE', 'AppInstallerPythonRedirector.exe')
    program('Python312', 'python.EXE')
    expect(await find('WindowsApps', 'Python312')).toMatchObject({ ok: true, command: 'python', python3Missing: true, path: machinePython.path })
  })
  test('is that of the launcher `py -3` where nothing else is there', async () => {
    program('Windows', 'py.EXE', `#!/bin/sh\n[ "$1" = -3 ] || exit 9\nshift\nexec '${machinePython.path}' "$@"\n`)
    expect(await find('Windows')).toMatchObject({ ok: true, command: 'py -3', path: machinePython.path })
  })
  test('is the one of a virtual environment in its `Scripts` folder', async () => {
    program('.venv/Scripts', 'python.exe')
    expect(await find()).toMatchObject({ ok: true, origin: 'venv', path: machinePython.path })
  })
  test('is missed with the names of all that was tried', async () => {
    expect(await find()).toMatchObject({ ok: false, cause: 'python.not_found', detail: 'no python3, no python, no py on PATH' })
  })
  test('behind a batch file is asked through the command interpreter', () => {
    expect(questionTo('C:\\Users\\a b\\.pyenv\\shims\\python.bat', [])).toMatchObject({ program: 'cmd.exe', args: ['/d', '/s', '/c', '""C:\\Users\\a b\\.pyenv\\shims\\python.bat" -E -s -S -"'], stdin: expect.stringContaining('cutoff-probe'), verbatim: true })
    expect(questionTo('python.exe', ['-3'])).toMatchObject({ program: 'python.exe', args: ['-3', '-E', '-s', '-S', '-c', expect.stringContaining('cutoff-probe')], stdin: '' })
  })
})

describe.runIf(process.platform !== 'win32')('the end of a tree of processes on Windows', () => {
  test('is left to taskkill, with everything below', async () => {
    const noted = join(folder, 'noted')
    program('bin', 'taskkill', `#!/bin/sh\necho "$@" > '${noted}'\n`)
    const before = process.env.PATH
    process.env.PATH = `${join(folder, 'bin')}${delimiter}${before}`
    try {
      await endTree(4242, 'win32', {})
    } finally {
      process.env.PATH = before
    }
    expect(readFileSync(noted, 'utf8')).toBe('/PID 4242 /T /F\n')
  })
  test('asks the system\'s own taskkill, and settles where there is none', async () => {
    await endTree(4242, 'win32', { SystemRoot: join(folder, 'Windows') })
  })
  test('touches nobody once the process has ended: its number may be another one\'s', async () => {
    endLeftovers(process.pid, 'win32')
    expect(await leftInGroup(process.pid, 'win32')).toBe(0)
  })
})

describe('folders and variables on Windows', () => {
  test('data and cache are where Windows keeps them', () => {
    expect([dataFolder({ APPDATA: 'R' }, 'win32'), cacheFolder({ LOCALAPPDATA: 'L' }, 'win32')]).toEqual([join('R', 'Cutoff'), join('L', 'Cutoff', 'Cache')])
  })
  test('the script prints UTF-8, unless its user wants otherwise', () => {
    expect(environmentOf({}, 'win32')).toEqual({ PYTHONIOENCODING: 'utf-8' })
    expect(environmentOf({ PYTHONIOENCODING: 'cp1252' }, 'win32')).toEqual({ PYTHONIOENCODING: 'cp1252' })
  })
})

describe('another process\'s clock', () => {
  test('is ours where it reads between two of our readings, and moved into their middle otherwise', () => {
    expect(clockOffset(100n, 150n, 200n)).toBe(0n)
    expect(clockOffset(100n, 9_000n, 200n)).toBe(150n - 9_000n)
  })
})

