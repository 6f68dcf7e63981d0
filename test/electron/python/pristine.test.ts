import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import type { ScriptRunner } from '../../../electron/python/script-run.ts'
import { fixture, inFolder, machinePython, runScript, runText } from './run-script.ts'

const env = { ...process.env, PYTHONUNBUFFERED: '1', npm_config_user_agent: 'npm', NODE_OPTIONS: '--max-old-space-size=4096', ELECTRON_RUN_AS_NODE: '1', MY_SETTING: 'kept' }
const runners: [string, ScriptRunner][] = [['a fresh harness', createScriptRunner({ env })], ['a warm harness', createScriptRunner({ env })], ['the portable harness', createScriptRunner({ env, harness: 'cold' })]]
afterAll(() => Promise.all(runners.map(([, runner]) => runner.close())))

describe.each(runners)('in %s a script', (name, runner) => {
  const warm = (): Promise<void> => (name === 'a warm harness' ? runner.warm(machinePython) : Promise.resolve())

  test('finds the world as if Python had been started for it', async () => {
    await warm()
    const ran = await runScript(runner, fixture('pristine.py'))
    const seen = ran.result() as Record<string, unknown> & { environment: Record<string, string> }
    const path = fixture('pristine.py')
    expect(seen).toMatchObject({
      name: 'pristine', file: path, argv: [path], path0: dirname(path), cwd: dirname(path), harness: [], main: [], handlers: ['SIGINT'], ignored: ['SIGPIPE', 'SIGXFSZ'],
      blocked: [], stdin: '', group_leader: true, line_buffering: true, prefix_of_byte_code: null, threads: 1, isolated: 0, no_site: 0,
      environment: { MY_SETTING: 'kept', PWD: dirname(path) },
    })
    // 0, 1, 2 and the one that lists the folder.
    expect(seen['descriptors']).toHaveLength(4)
    expect(seen['inheritable']).toEqual([0, 1, 2])
    for (const gone of ['PYTHONUNBUFFERED', 'npm_config_user_agent', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE']) expect(seen.environment).not.toHaveProperty(gone)
    expect(ran.event('process_started')?.warm).toBe(name === 'a warm harness')
  })

  test('may have files beside it that are named like modules of the wrapper', async () => {
    await warm()
    expect((await runScript(runner, fixture('shadow/script.py'))).result()).toEqual({ mine: true })
  })

  test('may itself be named like a module', async () => {
    for (const file of ['json.py', 'harness.py', 'script.py', 'not an identifier.py', 'sys.py']) {
      await inFolder(async (folder) => {
        await warm()
        const path = join(folder, file)
        await writeFile(path, 'import json\ndef transform(d):\n    return json.loads("[1]")\n')
        const ran = await runScript(runner, path)
        expect([file, ran.ending.kind === 'completed' ? ran.result() : ran.ending]).toEqual([file, [1]])
      })
    }
  })

  test('may import its neighbours, and works in the folder it is told to', async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, 'work'))
      await writeFile(join(folder, 'helper.py'), 'def answer():\n    return 42\n')
      await writeFile(join(folder, 'main.py'), 'import os\nfrom helper import answer\ndef transform(d):\n    return [answer(), os.getcwd()]\n')
      await warm()
      expect((await runScript(runner, join(folder, 'main.py'), { cwd: join(folder, 'work') })).result()).toEqual([42, join(folder, 'work')])
    })
  })

  test('does not run what its main guard protects', async () => {
    await warm()
    const ran = await runText(runner, 'def transform(d):\n    return __name__\nif __name__ == "__main__":\n    raise SystemExit(5)\n')
    expect(ran.result()).toBe('script')
  })

  test('leaves no trace for the next one', async () => {
    await warm()
    await runText(runner, 'import json\njson.MARK = 1\ndef transform(d):\n    import os\n    os.environ["MARK"] = "1"\n')
    await warm()
    const ran = await runText(runner, 'import json, os\ndef transform(d):\n    return [hasattr(json, "MARK"), "MARK" in os.environ]\n')
    expect(ran.result()).toEqual([false, false])
  })
})

test('a virtual environment beside the interpreter is the one the script sees', async () => {
  await inFolder(async (folder) => {
    const { execFileSync } = await import('node:child_process')
    execFileSync(machinePython.path, ['-m', 'venv', '--without-pip', join(folder, '.venv')])
    const site = execFileSync(join(folder, '.venv/bin/python'), ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])'], { encoding: 'utf8' }).trim()
    await writeFile(join(site, 'only_here.py'), 'VALUE = "from the venv"\n')
    await writeFile(join(folder, 'script.py'), 'import only_here, sys\ndef transform(d):\n    return [only_here.VALUE, sys.prefix, sys.executable]\n')
    const runner = createScriptRunner()
    const python = { path: join(folder, '.venv/bin/python'), version: machinePython.version }
    await runner.warm(python)
    for (const expected of [true, false]) {
      const ran = await runScript(runner, join(folder, 'script.py'), { python })
      expect(ran.result()).toEqual(['from the venv', join(folder, '.venv'), join(folder, '.venv/bin/python')])
      expect(ran.event('process_started')?.warm).toBe(expected)
    }
    await runner.close()
  })
})

test('a script behind a symbolic link keeps the path it was given', async () => {
  await inFolder(async (folder) => {
    const runner = createScriptRunner()
    await symlink(fixture('pristine.py'), join(folder, 'linked.py'))
    expect((await runScript(runner, join(folder, 'linked.py'))).result()).toMatchObject({ name: 'linked', path0: folder, cwd: folder })
    await runner.close()
  })
})
