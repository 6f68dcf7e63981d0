import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHistory } from '../../../electron/history/history.ts'
import { runOf } from './kept-runs.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-history-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const store = () => join(folder, 'history', 'history.db')
const setAsideFiles = () => readdirSync(join(folder, 'history')).filter((name) => /damaged.*\.db$/.test(name))

async function fill(runs: number): Promise<void> {
  const history = await openHistory({ dir: folder })
  for (let index = 0; index < runs; index++) await history.add(runOf(index % 2 === 0 ? 'cut' : 'failed', `run${index}`), null)
  await history.close()
}

test('kill -9 at any moment loses nothing that was acknowledged', async () => {
  const acknowledged: string[] = []
  for (let round = 0; round < 12; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'keep-runs-until-killed.ts'), folder, `r${round}`], { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { printed += text })
    const exited = once(child, 'exit')
    while (!printed.includes('\n')) await wait(5)
    await wait((round * 37) % 150)
    child.kill('SIGKILL')
    await exited
    acknowledged.push(...printed.split('\n').slice(0, -1))
  }
  const history = await openHistory({ dir: folder })
  expect(history.state).toEqual({ on: true, notice: null })
  // A run may have been killed between being taken out of the list and being brought back: out of the list is not lost.
  await history.restore(acknowledged)
  for (const id of acknowledged) {
    expect((await history.get(id))?.record.id, id).toBe(id)
    const log = await history.openLog(id)
    expect(log?.lineCount, id).toBe(500)
    expect((await log?.rows(499, 1))?.[0]?.text).toBe(`printed by ${id}`)
    await log?.close()
  }
  await history.close()
  const db = new DatabaseSync(store())
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  db.close()
}, 60_000)

describe('a damaged store', () => {
  // Windows does not let a file be renamed that another process has open.
  test.runIf(process.platform !== 'win32')('that another process sets aside is left alone by those that had it open: they go on in the new one', async () => {
    await fill(3)
    const first = await openHistory({ dir: folder })
    await first.list({})
    const file = openSync(store(), 'r+')
    writeSync(file, Buffer.alloc(100, 'x'), 0, 100, 0)
    closeSync(file)
    const second = await openHistory({ dir: folder })
    await second.add(runOf('cut', 'by-second'), null)
    expect(await first.add(runOf('cut', 'by-first'), null)).toMatchObject({ kept: true })
    await second.add(runOf('cut', 'by-second-again'), null)
    await Promise.all([first.close(), second.close()])
    expect(setAsideFiles()).toHaveLength(1)
    const history = await openHistory({ dir: folder })
    expect(history.state).toEqual({ on: true, notice: null })
    expect((await history.list({})).runs.map(({ id }) => id)).toEqual(expect.arrayContaining(['by-second', 'by-first', 'by-second-again']))
    await history.close()
  })
  test('that is no database any more is set aside as it is, and a new one begun', async () => {
    await fill(2)
    const junk = Buffer.alloc(50_000, 'not a database ')
    writeFileSync(store(), junk)
    const history = await openHistory({ dir: folder })
    const [aside = ''] = setAsideFiles()
    expect(history.state).toEqual({ on: true, notice: expect.stringMatching(/file is not a database.*set aside as .*damaged/) })
    expect(readFileSync(join(folder, 'history', aside)).equals(junk)).toBe(true)
    expect(await history.add(runOf('cut', 'new'), null)).toMatchObject({ kept: true })
    await history.close()
  })

  test('that is torn in the middle gives back what can still be read', async () => {
    await fill(30)
    const size = statSync(store()).size
    const file = openSync(store(), 'r+')
    for (let at = Math.floor(size * 0.5); at < size * 0.6; at += 512) writeSync(file, Buffer.alloc(512, 0x5a), 0, 512, at)
    closeSync(file)
    const history = await openHistory({ dir: folder })
    const readable = async () => {
      const { runs } = await history.list({})
      let count = 0
      for (const { id } of runs) if (await history.get(id).then((run) => run !== null, () => false)) count++
      return count
    }
    await readable()
    const saved = await readable()
    expect(history.state).toEqual({ on: true, notice: expect.stringMatching(/set aside.*\d+ runs were carried over, \d+ could not be read/) })
    expect(setAsideFiles()).toHaveLength(1)
    expect(saved).toBeGreaterThan(10)
    expect(saved).toBeLessThan(30)
    const numbers = (await history.list({})).runs.map((run) => run.number)
    expect(await history.add(runOf('cut', 'new'), null)).toMatchObject({ kept: true, number: 1 + Math.max(...numbers) })
    await history.close()
  })

  test('that lacks a table gives back its runs', async () => {
    await fill(3)
    const db = new DatabaseSync(store())
    db.exec('DROP TABLE more_words')
    db.close()
    const history = await openHistory({ dir: folder })
    expect(history.state).toEqual({ on: true, notice: expect.stringMatching(/no such table: more_words.*3 runs were carried over/) })
    expect((await history.list({})).runs.map((run) => run.id)).toEqual(['run2', 'run1', 'run0'])
    await history.close()
  })

  test('of the version before, which its upgrade finds torn, gives back what can still be read', async () => {
    mkdirSync(join(folder, 'history'))
    cpSync(join(import.meta.dirname, '../../fixtures/history/v1.db'), store())
    const db = new DatabaseSync(store())
    db.exec(`INSERT INTO runs (id, started_at, script, profile, outcome, cause, headline, elapsed_ms, log_lines, bytes, words)
        WITH RECURSIVE n (n) AS (SELECT 4 UNION ALL SELECT n + 1 FROM n WHERE n < 100) SELECT 'copy-' || n, started_at, script, profile, outcome, cause, headline, elapsed_ms, log_lines, bytes, words FROM runs, n WHERE number = 3;
      INSERT INTO run_data SELECT r.number, d.event_format, d.record, d.events FROM runs r, run_data d WHERE d.number = 3 AND r.number > 3`)
    const leaf = Number(db.prepare("SELECT pgoffset FROM dbstat WHERE name = 'runs' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 2").get()?.pgoffset)
    db.close()
    const file = openSync(store(), 'r+')
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, leaf)
    closeSync(file)
    const history = await openHistory({ dir: folder })
    expect(history.state).toEqual({ on: true, notice: expect.stringMatching(/set aside.*\d+ runs were carried over/) })
    const { runs, total } = await history.list({})
    expect(total).toBeGreaterThan(50)
    expect(total).toBeLessThan(100)
    expect(runs.at(-1)).toMatchObject({ id: 'cut-run', limitId: 'client.total', limitValue: null })
    expect((await history.get('cut-run'))?.events).toEqual(runOf('cut', 'x').events)
    await history.close()
  })

  test('that was cut off at any length never keeps the history from opening', async () => {
    await fill(5)
    const whole = readFileSync(store())
    for (const share of [0, 0.01, 0.3, 0.9]) {
      rmSync(join(folder, 'history'), { recursive: true })
      mkdirSync(join(folder, 'history'))
      writeFileSync(store(), whole)
      truncateSync(store(), Math.floor(whole.length * share))
      const history = await openHistory({ dir: folder })
      await history.list({})
      expect(await history.add(runOf('cut', 'new'), null)).toMatchObject({ kept: true })
      expect(setAsideFiles().length + (share === 0 ? 1 : 0)).toBe(1)
      await history.close()
    }
  })
})

describe('a store of another version', () => {
  test('from the future is left as it is, and the history is off', async () => {
    await fill(1)
    const db = new DatabaseSync(store())
    db.exec('PRAGMA user_version = 999')
    db.close()
    const before = readFileSync(store())
    const history = await openHistory({ dir: folder })
    expect(history.state).toEqual({ on: false, reason: expect.stringMatching(/written by a newer Cutoff \(version 999.*CUTOFF_DATA_DIR/) })
    expect(await history.add(runOf('cut', 'a'), null)).toMatchObject({ kept: false, problem: expect.stringContaining('newer Cutoff') })
    await history.close()
    expect(readFileSync(store()).equals(before)).toBe(true)
    expect(setAsideFiles()).toEqual([])
  })

  test.each(readdirSync(join(import.meta.dirname, '../../fixtures/history')))('%s opens with its runs', async (name) => {
    mkdirSync(join(folder, 'history'))
    cpSync(join(import.meta.dirname, '../../fixtures/history', name), store())
    const history = await openHistory({ dir: folder })
    expect(history.state).toEqual({ on: true, notice: null })
    expect((await history.list({})).runs.map(({ number, id, cause, limitValue, pinned }) => ({ number, id, cause, limitValue, pinned }))).toEqual([
      { number: 3, id: 'completed-run', cause: 'none', limitValue: null, pinned: false },
      { number: 2, id: 'failed-run', cause: 'script.exception', limitValue: null, pinned: true },
      { number: 1, id: 'cut-run', cause: 'client.total', limitValue: 500, pinned: false },
    ])
    expect((await history.get('cut-run'))?.events).toEqual(runOf('cut', 'x').events)
    expect((await history.list({ search: 'gbp' })).runs.map((run) => run.id)).toEqual(['failed-run'])
    expect(await history.add(runOf('cut', 'new'), null)).toMatchObject({ kept: true, number: 4 })
    await history.close()
  })
})

describe('where nothing can be written', () => {
  test('the history is off and says what to do; runs go on', async () => {
    writeFileSync(join(folder, 'file'), '')
    const history = await openHistory({ dir: join(folder, 'file') })
    expect(history.state).toEqual({ on: false, reason: expect.stringMatching(/ENOTDIR.*CUTOFF_DATA_DIR/) })
    expect(await history.add(runOf('cut', 'a'), null)).toMatchObject({ kept: false, problem: expect.stringContaining('CUTOFF_DATA_DIR') })
    await expect(history.list({})).rejects.toThrow(/CUTOFF_DATA_DIR/)
    await history.close()
  })

  test.runIf(process.platform !== 'win32')('a full disk costs the run its place, not the store', async () => {
    await fill(3)
    // The kernel refuses this process every file beyond 256 KB, as a full disk would.
    const script = `
      import { openHistory } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/history/history.ts'))}
      import { runOf } from ${JSON.stringify(join(import.meta.dirname, 'kept-runs.ts'))}
      const history = await openHistory({ dir: ${JSON.stringify(folder)} })
      const results = []
      for (let index = 0; index < 150; index++) results.push(await history.add(runOf('cut', 'full' + index), null))
      console.log(JSON.stringify({ kept: results.filter((result) => result.kept).length, last: results.at(-1), total: (await history.list({})).total }))
      await history.close()`
    writeFileSync(join(folder, 'fill.ts'), script)
    const child = spawn('sh', ['-c', 'ulimit -f 512; exec "$0" "$@"', process.execPath, join(folder, 'fill.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
    const printed = (await child.stdout.toArray()).join('')
    const report = JSON.parse(printed)
    expect(report.last.kept).toBe(false)
    expect(report.total).toBe(report.kept + 3)
    const history = await openHistory({ dir: folder })
    expect(history.state).toEqual({ on: true, notice: null })
    expect((await history.list({})).total).toBe(report.total)
    expect(await history.add(runOf('cut', 'after'), null)).toMatchObject({ kept: true })
    await history.close()
    expect(existsSync(store())).toBe(true)
  })

  /** A small file system of its own can be mounted by root, in a mount namespace that ends with the process. */
  const canMount = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0

  /** Runs a program with a small disk of its own, which has been filled by `prepare`, and returns what it prints as JSON. */
  function onSmallDisk(prepare: string, program: string): Record<string, unknown> {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    writeFileSync(join(folder, 'use.ts'), `
      import { execFileSync } from 'node:child_process'
      import { rmSync } from 'node:fs'
      import { openHistory } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/history/history.ts'))}
      import { runOf } from ${JSON.stringify(join(import.meta.dirname, 'kept-runs.ts'))}
      const disk = ${JSON.stringify(disk)}
      const dir = disk + '/data'
      const before = await openHistory({ dir })
      for (const id of ['one', 'two']) await before.add(runOf('cut', id), null)
      await before.close()
      execFileSync('sh', ['-c', ${JSON.stringify(prepare)}], { cwd: disk, stdio: 'ignore' })
      const history = await openHistory({ dir })
      const report: Record<string, unknown> = {}
      ${program}
      await history.close()
      console.log(JSON.stringify(report))`)
    return JSON.parse(execFileSync('unshare', ['-m', 'sh', '-c', `mount -t tmpfs -o size=1m none ${disk} && exec "$0" --disable-warning=ExperimentalWarning ${join(folder, 'use.ts')}`, process.execPath], { encoding: 'utf8', timeout: 60_000 })) as Record<string, unknown>
  }
  const fillUp = 'dd if=/dev/zero of=filler bs=1k; [ -e filler ]'

  test.runIf(canMount)('runs kept earlier can still be read on a full disk; once there is space, runs are kept again', () => {
    expect(onSmallDisk(fillUp, `
      report.state = history.state
      report.listed = (await history.list({})).runs.map((run) => run.id)
      report.read = (await history.get('one')).record.id
      report.full = await history.add(runOf('cut', 'three'), null)
      report.pin = await history.pin('one', true).catch((error) => error.message)
      rmSync(disk + '/filler')
      report.after = await history.add(runOf('cut', 'four'), null)
      report.stateAfter = history.state
      report.listedAfter = (await history.list({})).runs.map((run) => run.id)`)).toEqual({
      state: { on: true, notice: expect.stringMatching(/^What was kept can be read, but nothing new is kept: .*the disk is full; free some space/) },
      listed: ['two', 'one'], read: 'one',
      full: { kept: false, problem: expect.stringContaining('the disk is full; free some space') }, pin: expect.stringContaining('the disk is full; free some space'),
      after: { kept: true, number: 3, problem: null }, stateAfter: { on: true, notice: null }, listedAfter: ['four', 'two', 'one'],
    })
  })

  test.runIf(canMount)('runs kept earlier can be read from a file system that is read-only', () => {
    expect(onSmallDisk('mount -o remount,ro .', `
      report.state = history.state
      report.read = (await history.get('one')).record.id
      report.add = await history.add(runOf('cut', 'three'), null)`)).toEqual({
      state: { on: true, notice: expect.stringMatching(/can be read.*EROFS.*CUTOFF_DATA_DIR/) }, read: 'one', add: { kept: false, problem: expect.stringContaining('EROFS') },
    })
  })

  test.runIf(canMount)('a history that could not be begun on a full disk begins once there is space', () => {
    expect(onSmallDisk(`rm -r data; ${fillUp}`, `
      report.on = history.state.on
      report.full = (await history.add(runOf('cut', 'three'), null)).kept
      rmSync(disk + '/filler')
      report.after = (await history.add(runOf('cut', 'four'), null)).kept`)).toEqual({ on: false, full: false, after: true })
  })
})
