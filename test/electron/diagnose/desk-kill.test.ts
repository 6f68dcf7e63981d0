import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDesk } from '../../../electron/diagnose/desk.ts'

const program = `
  import { createDesk } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/diagnose/desk.ts'))}
  const desk = await createDesk(process.argv[1], () => {}).opened()
  for (let number = 0; ; number++) {
    await desk.paste('text-' + number + '.log', 'line of ' + number + '\\n', 'source')
    process.stdout.write('text-' + number + '.log\\n')
  }
`

/** Pastes without end until it is killed in the middle of it; returns the names that were acknowledged. */
async function pasteUntilKilled(folder: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      // The clock runs from the first acknowledgement: starting takes as long as it takes.
      if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs)
      said += String(data)
    })
    child.once('close', () => resolve())
  })
  return said.split('\n').slice(0, -1)
}

test('a kill at any moment loses nothing of what was acknowledged', async () => {
  for (const afterMs of [0, 7, 23, 60]) {
    const folder = mkdtempSync(join(tmpdir(), 'cutoff-desk-kill-'))
    const acknowledged = await pasteUntilKilled(join(folder, 'desk'), afterMs)
    expect(acknowledged.length).toBeGreaterThan(0)
    const desk = createDesk(join(folder, 'desk'), () => {})
    try {
      const calls = await desk.opened()
      const { inputs, notice } = await calls.status()
      expect(notice).toBe(null)
      expect(inputs.map((input) => input.name)).toEqual(expect.arrayContaining(acknowledged))
      await expect.poll(async () => (await calls.status()).inputs.map((input) => input.state)).toEqual(inputs.map(() => 'read'))
    } finally {
      await desk.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
})
