import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import type { RunEvent } from '../../../shared/run/event.ts'
import { inFolder, runScript, runText, until, type Ran } from './run-script.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())
/** Runs a script until `enough` of what is told of it is there, and cuts it then. */
const runUntil = (text: string, enough: (events: readonly RunEvent[]) => boolean): Promise<Ran> => runText(runner, text, {}, async ({ run, events }) => {
  await until(() => enough(events), 60_000)
  run.kill('connector', null, 'enough')
})
const replacements = (count: number) => (events: readonly RunEvent[]): boolean => events.filter(({ type }) => type === 'process_replaced').length === count
const spansOf = (ran: Ran): string[] => ran.all('span_started').filter(({ parentId }) => parentId === 'python').map(({ name }) => name)

describe('exec in the script’s own process', () => {
  test('the program that took the place of Python, with its arguments, and a span from then on', async () => {
    const ran = await runUntil('import os\ndef transform(d):\n    os.execv("/bin/sleep", ["sleep", "30"])\n', replacements(1))
    expect(ran.all('process_replaced')).toMatchObject([{ program: expect.stringMatching(/\/(?:sleep|coreutils|busybox)$/), command: 'sleep 30', by: 'path' }])
    expect(spansOf(ran).at(-1)).toMatch(/^replaced by \//)
    expect(ran.all('span_ended').find(({ spanId }) => spanId === 'python.transform')).toMatchObject({ status: 'ok', atMs: ran.event('process_replaced')?.atMs })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'connector' })
  })

  test('Python itself, anew: the same program, and yet another process image', async () => {
    const ran = await runUntil('import os, sys\ndef transform(d):\n    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(30)"])\n', replacements(1))
    expect(ran.all('process_replaced')).toMatchObject([{ command: expect.stringContaining("-c 'import time; time.sleep(30)'"), by: 'path' }])
  })

  test('one after another', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'script.py')
      await writeFile(path, 'import os\ndef transform(d):\n    os.execv("/bin/sh", ["sh", "-c", "while [ ! -e go ]; do sleep 0.02; done; exec sleep 30"])\n')
      const ran = await runScript(runner, path, {}, async ({ run, events }) => {
        await until(() => replacements(1)(events), 60_000)
        await writeFile(join(folder, 'go'), '')
        await until(() => replacements(2)(events), 60_000)
        run.kill('connector', null, 'enough')
      })
      expect(ran.all('process_replaced').map(({ command }) => command)).toEqual(["sh -c 'while [ ! -e go ]; do sleep 0.02; done; exec sleep 30'", 'sleep 30'])
    })
  })

  test('a program that was over at once has left its name', async () => {
    const ran = await runText(runner, 'import os\ndef transform(d):\n    os.execv("/bin/true", ["true"])\n')
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { exitCode: 0 } })
    expect(ran.event('process_replaced')?.program).toMatch(/true$/)
  })

  test('is not seen in a script that ends, exits, forks or calls itself something', async () => {
    const rename = 'import ctypes\nctypes.CDLL(None).prctl(15, b"worker", 0, 0, 0)\n'
    for (const body of ['    return 1\n', '    os._exit(3)\n', '    time.sleep(0.1)\n    if os.fork() == 0: os._exit(0)\n    os.wait()\n']) {
      expect((await runText(runner, `import os, time\ndef transform(d):\n${body}`)).all('process_replaced')).toEqual([])
    }
    expect((await runText(runner, `${rename}def transform(d):\n    return 1\n`)).all('process_replaced')).toEqual([])
  })
})

describe('what the script had started, at the cut', () => {
  test('programs with their arguments, forks as what they are', async () => {
    const text = 'import os, subprocess, time\ndef transform(d):\n    if os.fork() == 0:\n        time.sleep(30)\n        os._exit(0)\n    child = subprocess.Popen(["sleep", "29"])\n    print("ready")\n    child.wait()\n'
    const ran = await runText(runner, text, {}, async ({ run, printed }) => {
      await printed('ready')
      run.kill('connector', null, 'enough')
    })
    const children = ran.event('children_at_cut')?.children ?? []
    expect(children.toSorted((one, other) => one.pid - other.pid)).toMatchObject([{ program: null, command: null }, { program: expect.stringMatching(/^\//), command: 'sleep 29' }])
    expect(children.map(({ pid }) => pid)).not.toContain(ran.event('process_started')?.pid)
  })

  test('and when it has ended by itself, what it left behind', async () => {
    const ran = await runText(runner, 'import subprocess\ndef transform(d):\n    subprocess.Popen(["sleep", "60"])\n    return 1\n')
    expect([ran.result(), ran.event('process_exited')?.leftovers]).toEqual([1, 1])
    expect(ran.event('children_at_cut')?.children).toMatchObject([{ command: 'sleep 60' }])
  })

  test('nothing is told where there was nothing', async () => {
    expect((await runUntil('import time\ndef transform(d):\n    time.sleep(30)\n', (events) => events.some(({ type }) => type === 'process_started'))).all('children_at_cut')).toEqual([])
  })
})
