import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inFolder, machinePython, markedRunner, runText, until } from './run-script.ts'

const echo = 'def transform(d):\n    return d\n'

describe('a spare', () => {
  test('is one process per interpreter, however often it is asked for', async () => {
    const { runner, alive } = markedRunner()
    await Promise.all([runner.warm(machinePython), runner.warm(machinePython)])
    await runner.warm(machinePython)
    // Its test of whether stacks can be read has a child of its own for a moment.
    await until(() => alive().length === 1)
    await runner.close()
    expect(alive()).toEqual([])
  })

  test('is used by one run and replaced after it', async () => {
    const { runner, alive } = markedRunner()
    await runner.warm(machinePython)
    const first = await runText(runner, echo, { input: 1 })
    expect([first.result(), first.event('process_started')?.warm]).toEqual([1, true])
    expect(first.all('span_started')[1]?.name).toBe('interpreter (kept warm)')
    await until(() => alive().length === 1)
    await runner.warm(machinePython)
    const second = await runText(runner, echo, { input: 2 })
    expect([second.result(), second.event('process_started')?.warm]).toEqual([2, true])
    await runner.close()
    await until(() => alive().length === 0)
  })

  test('that was killed is not used', async () => {
    const { runner, alive } = markedRunner()
    await runner.warm(machinePython)
    for (const pid of alive()) process.kill(pid, 'SIGKILL')
    await until(() => alive().length === 0)
    const ran = await runText(runner, echo, { input: 3 })
    expect([ran.result(), ran.event('process_started')?.warm]).toEqual([3, false])
    await runner.close()
  })

  test('is not used after a package was installed', async () => {
    await inFolder(async (folder) => {
      execFileSync(machinePython.path, ['-m', 'venv', '--without-pip', folder])
      const python = { path: join(folder, 'bin/python'), version: machinePython.version }
      const site = execFileSync(python.path, ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])'], { encoding: 'utf8' }).trim()
      const { runner } = markedRunner()
      await runner.warm(python)
      await writeFile(join(site, 'new.pth'), folder)
      const ran = await runText(runner, 'import sys\ndef transform(d):\n    return sys.path[-1]\n', { python })
      expect([ran.result(), ran.event('process_started')?.warm]).toEqual([folder, false])
      await runner.close()
    })
  })

  test('of an interpreter that cannot start is simply not there', async () => {
    const { runner } = markedRunner()
    await runner.warm({ path: '/no/such/python', version: '3.11.0' })
    await runner.warm({ path: '/bin/true', version: '3.11.0' })
    await runner.close()
  })

  test('that is still starting when the runner is closed does not survive it', async () => {
    const { runner, alive } = markedRunner()
    void runner.warm(machinePython)
    await runner.close()
    await until(() => alive().length === 0)
  })
})
