import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogStore, openLogStore } from '../../../electron/log/log-store.ts'
import { packLog } from '../../../electron/log/pack-log.ts'
import { searchToEnd } from './search-to-end.ts'

const flood = join(import.meta.dirname, 'flood.ts')
let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-log-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.runIf(process.platform !== 'win32')('when the disk takes no more', () => {
  test('the log says so in one row and keeps its head and its tail', () => {
    const lines = 400_000
    // 2 MB is the most this process may write into one file: the kernel refuses the rest, as a full disk does.
    const printed = execFileSync('sh', ['-c', `ulimit -f ${2 * 1024 * 2}; exec "$0" "$@"`, process.execPath, flood, join(folder, 'run'), String(lines)], { encoding: 'utf8' })
    const report = JSON.parse(printed.trim().split('\n').at(-1) ?? '')
    expect(report.lineCount).toBe(lines + 1)
    expect(report.warning).toHaveLength(1)
    expect(report.warning[0]).toMatchObject({ level: 'warn', text: expect.stringContaining('cannot be written to disk'), fields: { error: expect.stringMatching(/EFBIG/) } })
    expect(report.first[0].text).toMatch(/^0 \./)
    expect(report.middle[0].text).toMatch(/^\(this line is lost/)
    expect(report.last[0].text).toMatch(new RegExp(`^${lines - 1} \\.`))
  })

  test('what is on disk opens afterwards', async () => {
    execFileSync('sh', ['-c', `ulimit -f ${2 * 1024}; exec "$0" "$@"`, process.execPath, flood, join(folder, 'run'), '100000'])
    const log = await openLogStore(join(folder, 'run'))
    expect(log.lineCount).toBeGreaterThan(1000)
    expect((await log.rows(log.lineCount - 1, 1))[0]?.text).toMatch(new RegExp(`^${log.lineCount - 1} \\.`))
    await log.close()
  })
})

test('where no file can be made the log works in memory and says so first', async () => {
  writeFileSync(join(folder, 'file'), '')
  const log = createLogStore({ dir: join(folder, 'file', 'run') })
  log.appendOutput('stdout', Buffer.from('hello\n'), 1)
  await log.end()
  expect((await log.rows(0, 9)).map((row) => row.text)).toEqual([expect.stringContaining('cannot be written to disk'), 'hello'])
  expect((await searchToEnd(log, { text: 'HELLO', regex: false, sources: null })).rows).toHaveLength(1)
  await log.remove()
})

test('a log whose engine is killed opens with every line that was there long enough', async () => {
  for (let round = 0; round < 4; round++) {
    const dir = join(folder, `run${round}`)
    const child = spawn(process.execPath, [flood, dir, '3000000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = 0
    for await (const line of createInterface({ input: child.stdout })) {
      printed = JSON.parse(line).printed
      if (printed > 400_000 + round * 300_000) break
    }
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const log = await openLogStore(dir)
    // Up to 32 MB (320 000 of these lines) may have been on their way.
    expect(log.lineCount).toBeGreaterThan(printed - 330_000)
    for (const line of [0, Math.floor(log.lineCount / 2), log.lineCount - 1]) {
      expect((await log.rows(line, 1))[0]?.text.startsWith(`${line} .`)).toBe(true)
    }
    await log.close()
  }
})

describe('a packed log', () => {
  test('is smaller and reads the same', async () => {
    execFileSync(process.execPath, [flood, join(folder, 'run'), '50000'])
    const bytes = await packLog(join(folder, 'run'), join(folder, 'kept'))
    expect(bytes).toBeLessThan(500_000)
    const [before, after] = [await openLogStore(join(folder, 'run')), await openLogStore(join(folder, 'kept'))]
    expect(after.lineCount).toBe(before.lineCount)
    expect(after.counts).toEqual(before.counts)
    for (const from of [0, 2600, 49_000]) expect(await after.rows(from, 1000)).toEqual(await before.rows(from, 1000))
    const filter = { text: '^\\d+77 ', regex: true, sources: null }
    expect(await searchToEnd(after, filter)).toEqual(await searchToEnd(before, filter))
    await before.close()
    await after.close()
  })

  test('of a log that is not there is an error that names it, and leaves nothing', async () => {
    await expect(packLog(join(folder, 'nowhere'), join(folder, 'kept'))).rejects.toThrow(/ENOENT.*nowhere/)
  })
})
