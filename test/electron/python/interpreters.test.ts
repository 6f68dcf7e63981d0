import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { forgetInterpreters } from '../../../electron/python/interpreter-cache.ts'
import { parseProbe } from '../../../electron/python/interpreter-probe.ts'
import { findInterpreter, interpreterFields, type Interpreter, type NoInterpreter } from '../../../electron/python/interpreters.ts'
import { inFolder, machinePython, until } from './run-script.ts'

beforeEach(forgetInterpreters)

/** A program of this name in `folder/bin` that runs `code` as a shell script. */
async function program(folder: string, name: string, code: string): Promise<string> {
  const path = join(folder, 'bin', name)
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${code}\n`)
  await chmod(path, 0o755)
  return path
}
const real = `exec ${machinePython.path} "$@"`
function find(folder: string, more: { python?: string | null; timeLimitMs?: number; cacheFile?: string | null } = {}): Promise<Interpreter | NoInterpreter> {
  const { python = null, timeLimitMs, cacheFile = null } = more
  return findInterpreter({ python, scriptPath: join(folder, 'script.py'), env: { PATH: `${join(folder, 'bin')}`, HOME: folder } }, { cacheFile, timeLimitMs })
}

describe('on PATH', () => {
  test('python3 comes first, and a shim is resolved to the program behind it', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', real)
      await program(folder, 'python', 'exit 9')
      const found = await find(folder)
      expect(found).toEqual({ ok: true, path: machinePython.path, version: machinePython.version, command: 'python3', origin: 'path', python3Missing: false })
      expect(interpreterFields(found as Interpreter)).toEqual({ python_cmd: 'python3', python_path: machinePython.path, python_version: machinePython.version })
    })
  })

  test('python is taken when there is no python3, and that is told', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python', real)
      expect(await find(folder)).toMatchObject({ ok: true, command: 'python', python3Missing: true })
    })
  })

  test('nothing is found where there is nothing', async () => {
    await inFolder(async (folder) => {
      expect(await find(folder)).toMatchObject({ ok: false, cause: 'python.not_found', detail: 'no python3, no python on PATH', python3Missing: true })
      expect(await findInterpreter({ python: null, scriptPath: null, env: {} })).toMatchObject({ ok: false, cause: 'python.not_found' })
    })
  })

  test('a python3 that is broken is not passed over for python', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', 'echo "pyenv: python3: command not found" >&2; exit 127')
      await program(folder, 'python', real)
      expect(await find(folder)).toMatchObject({ ok: false, cause: 'python.unusable', detail: 'python3 exited with 127: pyenv: python3: command not found', command: 'python3' })
    })
  })

  test.each([
    ['too old', 'printf "\\ncutoff-probe 3.7.9 /usr/bin/python3\\n"', /python3 is Python 3\.7\.9; 3\.8 or later is needed/],
    ['Python 2', 'printf "\\ncutoff-probe 2.7.18 /usr/bin/python2\\n"', /is Python 2\.7\.18/],
    ['something else', 'echo hello', /ran, but did not behave like Python: hello/],
    ['ended by a signal', 'kill -SEGV $$', /was ended by SIGSEGV/],
    ['pointing nowhere', 'printf "\\ncutoff-probe 3.11.0 /no/such/python\\n"', /says it is \/no\/such\/python, which does not exist/],
  ])('python3 is unusable: %s', async (_, code, detail) => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', code)
      expect(await find(folder)).toMatchObject({ ok: false, cause: 'python.unusable', detail: expect.stringMatching(detail) })
    })
  })

  test('one that hangs is ended with everything it started', async () => {
    await inFolder(async (folder) => {
      const seconds = `61.${process.pid}`
      await program(folder, 'python3', `/bin/sleep ${seconds} & /bin/sleep ${seconds}`)
      expect(await find(folder, { timeLimitMs: 300 })).toMatchObject({ ok: false, cause: 'python.unusable', detail: 'python3 did not answer within 0.3 s' })
      await until(() => !execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(`sleep ${seconds}`))
    })
  })

  test('one that talks before it answers is understood', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', `echo "welcome to the cluster"; ${real}`)
      expect(await find(folder)).toMatchObject({ ok: true, path: machinePython.path })
    })
  })

  test('what cannot be executed is passed over, and named if there is nothing else', async () => {
    await inFolder(async (folder) => {
      await chmod(await program(folder, 'python3', real), 0o644)
      expect(await find(folder)).toMatchObject({ ok: false, cause: 'python.unusable', detail: 'python3 is not executable' })
    })
  })
})

describe('asked for', () => {
  test('a path or a name is taken as it is', async () => {
    await inFolder(async (folder) => {
      expect(await find(folder, { python: machinePython.path })).toMatchObject({ ok: true, path: machinePython.path, command: machinePython.path, origin: 'asked', python3Missing: false })
      await program(folder, 'python3.99', real)
      expect(await find(folder, { python: 'python3.99' })).toMatchObject({ ok: true, command: 'python3.99', origin: 'asked' })
    })
  })

  test('what does not exist is not found, and nothing else is tried', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', real)
      expect(await find(folder, { python: '/no/such/python3' })).toMatchObject({ ok: false, cause: 'python.not_found', detail: '/no/such/python3 does not exist' })
      expect(await find(folder, { python: 'python4' })).toMatchObject({ ok: false, cause: 'python.not_found', detail: 'no python4 on PATH' })
    })
  })

  test.each([['/tmp', 'is a directory'], ['/proc/version', 'is not executable'], ['/dev/null', 'is not a program']])('%s is unusable', async (python, problem) => {
    await inFolder(async (folder) => { expect(await find(folder, { python })).toMatchObject({ ok: false, cause: 'python.unusable', detail: `${python} ${problem}` }) })
  })
})

describe('a virtual environment beside the script', () => {
  test.each(['.venv', 'venv'])('%s wins over PATH and keeps its own path', async (name) => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', 'exit 1')
      execFileSync(machinePython.path, ['-m', 'venv', '--without-pip', join(folder, name)])
      expect(await find(folder)).toMatchObject({ ok: true, path: join(folder, name, 'bin/python'), origin: 'venv', version: machinePython.version })
      expect(await find(folder, { python: machinePython.path })).toMatchObject({ origin: 'asked' })
    })
  })

  test('that lost its interpreter is unusable, not ignored', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', real)
      await mkdir(join(folder, '.venv/bin'), { recursive: true })
      await writeFile(join(folder, '.venv/pyvenv.cfg'), 'home = /usr/bin\n')
      await symlink('/opt/removed/python3', join(folder, '.venv/bin/python'))
      expect(await find(folder)).toMatchObject({ ok: false, cause: 'python.unusable', detail: expect.stringContaining('points to a program that no longer exists') })
    })
  })

  test('is told from a folder that merely has its name', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', real)
      await mkdir(join(folder, 'venv'))
      expect(await find(folder)).toMatchObject({ ok: true, origin: 'path' })
    })
  })
})

describe('an answer', () => {
  test('is remembered on disk, so that a shim is run once', async () => {
    await inFolder(async (folder) => {
      const cacheFile = join(folder, 'cache/interpreters.json')
      await program(folder, 'python3', `echo run >> ${folder}/runs; ${real}`)
      const first = await find(folder, { cacheFile })
      forgetInterpreters()
      expect(await find(folder, { cacheFile })).toEqual(first)
      await find(folder, { cacheFile })
      expect((await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')).toHaveLength(1)
    })
  })

  test('is asked for again when the program, or the one behind it, has changed', async () => {
    await inFolder(async (folder) => {
      const cacheFile = join(folder, 'interpreters.json')
      await symlink(machinePython.path, join(folder, 'behind'))
      await program(folder, 'python3', `echo run >> ${folder}/runs; ${real}`)
      await find(folder, { cacheFile })
      await program(folder, 'python3', `echo run >> ${folder}/runs; echo changed; ${real}`)
      await find(folder, { cacheFile })
      expect((await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')).toHaveLength(2)
    })
  })

  test('of a version manager depends on the version it was told to choose', async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, 'shims'))
      const shim = join(folder, 'shims/python3')
      await writeFile(shim, `#!/bin/sh\necho run >> ${folder}/runs\n${real}\n`)
      await chmod(shim, 0o755)
      const again = (): Promise<unknown> => find(folder, { python: shim })
      await again()
      await again()
      await writeFile(join(folder, '.python-version'), '3.8\n')
      await again()
      expect((await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')).toHaveLength(2)
    })
  })

  test.each(['not json', '{"schema":"cutoff.interpreters/9"}', '[]', ''])('is not taken from a damaged cache: %s', async (text) => {
    await inFolder(async (folder) => {
      const cacheFile = join(folder, 'interpreters.json')
      await writeFile(cacheFile, text)
      await program(folder, 'python3', real)
      expect(await find(folder, { cacheFile })).toMatchObject({ ok: true })
      expect(JSON.parse(await readFile(cacheFile, 'utf8'))).toMatchObject({ schema: 'cutoff.interpreters/1' })
    })
  })

  test('is given even where nothing can be remembered', async () => {
    await inFolder(async (folder) => {
      await program(folder, 'python3', real)
      expect(await find(folder, { cacheFile: join(folder, 'bin/python3/no-folder/interpreters.json') })).toMatchObject({ ok: true })
    })
  })
})

test('the probe answer is only read when it is complete', () => {
  expect(parseProbe('cutoff-probe 3.11.2 /usr/bin/py')).toBeNull()
  expect(parseProbe('noise\ncutoff-probe 3.11.2 C:\\Program Files\\python.exe\r\n')).toEqual({ version: [3, 11, 2], path: 'C:\\Program Files\\python.exe' })
  expect(parseProbe('')).toBeNull()
})
