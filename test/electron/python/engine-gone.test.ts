import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fixture, machinePython, marked, until } from './run-script.ts'

const entry = join(import.meta.dirname, 'run-and-wait.ts')
function engine(harness: string, script: string, mark: string): { child: ChildProcess; printed(text: string): Promise<void>; text(): string } {
  const child = spawn(process.execPath, [entry, harness, script, mark, machinePython.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => { text += chunk.toString() })
  return { child, text: () => text, printed: (wanted) => until(() => text.includes(wanted), 15_000) }
}

describe.each(['supervised', 'cold'])('when the engine of a %s script is killed', (harness) => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGHUP'] as const)('by %s no process stays behind', async (signal) => {
    const mark = `ENGINE_MARK=${randomUUID()}`
    const { child, printed } = engine(harness, fixture('sleeps.py'), mark)
    await printed('asleep')
    expect(marked(mark).length).toBeGreaterThanOrEqual(1)
    child.kill(signal)
    await until(() => marked(mark).length === 0)
  })
})

test('when the engine is killed, helpers that left the process group go too', async () => {
  const mark = `ENGINE_MARK=${randomUUID()}`
  const { child, printed } = engine('supervised', fixture('holds_pipes.py'), mark)
  await printed('ready')
  expect(marked(mark).length).toBeGreaterThanOrEqual(6)
  child.kill('SIGKILL')
  await until(() => marked(mark).length === 0)
})

test('when the engine is killed before the script begins, too', async () => {
  const mark = `ENGINE_MARK=${randomUUID()}`
  const { child } = engine('supervised', fixture('sleeps.py'), mark)
  await until(() => marked(mark).length > 0, 15_000)
  child.kill('SIGKILL')
  await until(() => marked(mark).length === 0)
})
