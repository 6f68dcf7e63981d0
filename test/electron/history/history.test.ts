import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ownMark } from '../../../electron/leftovers.ts'
import { openHistory, type History } from '../../../electron/history/history.ts'
import { logOf, runOf } from './kept-runs.ts'

let folder: string
let history: History
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-history-'))
  history = await openHistory({ dir: folder })
})
afterEach(async () => {
  await history.close()
  rmSync(folder, { recursive: true, force: true })
})

const add = (kind: 'cut' | 'failed' | 'completed', id: string) => history.add(runOf(kind, id), null)
const idsOf = async (query: Parameters<History['list']>[0] = {}) => (await history.list(query)).runs.map((run) => run.id)

describe('a kept run', () => {
  test('comes back as it was, with its log', async () => {
    const run = runOf('cut', 'a')
    const log = await logOf(join(folder, 'live'), 'first', 'second')
    expect(await history.add(run, log)).toEqual({ kept: true, number: 1, problem: null })
    await log.remove()
    expect(await history.get('a')).toEqual({ number: 1, pinned: false, record: run.record, events: run.events, eventFormat: 1 })
    const kept = await history.openLog('a')
    expect((await kept?.rows(0, 9))?.map((row) => [row.text, row.source])).toEqual([['first', 'stdout'], ['second', 'stdout']])
    await kept?.close()
  })

  test('is there after the history was closed and opened again', async () => {
    await add('cut', 'a')
    await history.close()
    history = await openHistory({ dir: folder })
    expect((await history.get('a'))?.record.verdict.cause).toBe('client.total')
    expect(await add('failed', 'b')).toMatchObject({ number: 2 })
  })

  test('that does not exist is null, and so is its log', async () => {
    expect(await history.get('nothing')).toBeNull()
    expect(await history.openLog('nothing')).toBeNull()
    expect(await history.openLog('../../etc')).toBeNull()
  })

  test('is kept once', async () => {
    const log = await logOf(join(folder, 'live'), 'text')
    await history.add(runOf('cut', 'a'), log)
    expect(await history.add(runOf('cut', 'a'), log)).toEqual({ kept: false, problem: 'this run is in the history already' })
    await log.close()
    const kept = await history.openLog('a')
    expect(kept?.lineCount).toBe(1)
    await kept?.close()
  })

  test('with an id that would lead out of its folder is refused', async () => {
    expect(await add('cut', '../evil')).toMatchObject({ kept: false, problem: expect.stringContaining('../evil') })
  })

  test('is kept without its log when the log cannot be had, which is said', async () => {
    const log = await logOf(join(folder, 'live'), 'text')
    await log.remove()
    expect(await history.add(runOf('cut', 'a'), log)).toMatchObject({ kept: true, problem: expect.stringContaining('log could not be kept') })
    expect(await history.get('a')).not.toBeNull()
  })

  test('is readable for its owner only', async () => {
    await add('cut', 'a')
    for (const name of readdirSync(join(folder, 'history')).filter((name) => name.startsWith('history.db'))) {
      expect(statSync(join(folder, 'history', name)).mode & 0o077).toBe(0)
    }
    expect(statSync(join(folder, 'history')).mode & 0o077).toBe(0)
  })
})

describe('the list', () => {
  test('shows newest first, by pages, with what people look for', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await add('cut', id)
    const page = await history.list({ count: 3 })
    expect(page).toMatchObject({ total: 4, kept: { runs: 4 } })
    expect(page.kept.bytes).toBeGreaterThan(1000)
    expect(page.runs.map((run) => run.number)).toEqual([4, 3, 2])
    expect(await idsOf({ before: 2 })).toEqual(['a'])
    expect(page.runs[0]).toMatchObject({
      id: 'd', script: 'enrich_orders.py', profile: 'transformation-service', outcome: 'cut', cause: 'client.total', limitId: 'client.total', limitValue: 500, pinned: false,
      headline: expect.stringContaining('The client hung up'), elapsedMs: expect.any(Number), logLines: 9,
    })
  })

  test('narrows by outcome and pin', async () => {
    await add('cut', 'a')
    await add('failed', 'b')
    await add('completed', 'c')
    await history.pin('b', true)
    expect(await idsOf({ outcome: 'failed' })).toEqual(['b'])
    expect(await idsOf({ outcome: 'completed' })).toEqual(['c'])
    expect(await idsOf({ outcome: 'pinned' })).toEqual(['b'])
  })

  test('finds script, cause, limit, message and error by any part, every word of it', async () => {
    await add('cut', 'a')
    await add('failed', 'b')
    expect(await idsOf({ search: 'ENRICH' })).toEqual(['b', 'a'])
    expect(await idsOf({ search: 'client.total=500ms' })).toEqual(['a'])
    expect(await idsOf({ search: 'keyerror gbp' })).toEqual(['b'])
    expect(await idsOf({ search: 'enrich keyerror' })).toEqual(['b'])
    expect(await idsOf({ search: 'went away' })).toEqual(['a'])
    expect(await idsOf({ search: 'nothing-like-it' })).toEqual([])
  })

  test('finds a run by the number people call it by, beside runs that mention that number', async () => {
    await add('cut', 'a')
    const db = new DatabaseSync(join(folder, 'history', 'history.db'))
    db.exec("UPDATE sqlite_sequence SET seq = 776676 WHERE name = 'runs'")
    db.close()
    for (const id of ['b', 'c']) await add('cut', id)
    const log = await logOf(join(folder, 'log'), 'order 776677')
    await history.add(runOf('completed', 'd'), log)
    expect(await idsOf({ search: '776677' })).toEqual(['d', 'b'])
    for (const search of ['run 776677', 'Run  776677 enrich', '#776677']) expect(await idsOf({ search }), search).toEqual(['b'])
    for (const search of ['run 776677 nowhere-in-it', 'run 776670', '77667']) expect(await idsOf({ search }), search).not.toContain('b')
    await log.remove()
  })

  test('finds words of the log beside lines without end', async () => {
    const endless = 'A'.repeat(100_000)
    const log = await logOf(join(folder, 'endless'), endless, 'first words', ...Array.from({ length: 2000 }, (_, line) => `line ${line}`), 'last words', endless)
    await history.add(runOf('completed', 'a'), log)
    for (const search of ['first words', 'last words']) expect(await idsOf({ search })).toEqual(['a'])
    await log.remove()
  })

  test('knows the case whose input a run had, and finds it by that', async () => {
    const run = runOf('completed', 'a')
    await history.add({ ...run, record: { ...run.record, plan: { ...run.record.plan, case: 'Without amounts' } } }, null)
    await add('completed', 'b')
    const { runs, total } = await history.list({ search: 'without AMOUNTS completed' })
    expect(runs.map(({ id, caseName }) => ({ id, caseName }))).toEqual([{ id: 'a', caseName: 'Without amounts' }])
    expect(total).toBe(1)
    expect((await history.list({ search: 'completed' })).runs.map(({ caseName }) => caseName)).toEqual([null, 'Without amounts'])
  })

  test('finds what the script printed, at the start of a word', async () => {
    const log = await logOf(join(folder, 'live'), 'Réponse für order=4711', ...Array.from({ length: 2000 }, (_, line) => `line ${line}`), 'the very_last words')
    await history.add(runOf('completed', 'a'), log)
    await add('completed', 'b')
    for (const search of ['4711', 'order=47', 'rép', 'very_last', 'LAST words']) expect(await idsOf({ search })).toEqual(['a'])
    for (const search of ['711', '"', "' OR 1=1", '*', '%', 'NEAR(zzz']) expect(await idsOf({ search })).toEqual([])
    await log.remove()
  })
})

describe('removing', () => {
  test('takes runs out and brings them back', async () => {
    for (const id of ['a', 'b', 'c']) await add('cut', id)
    expect(await history.remove(['a', 'c', 'x'])).toEqual(['a', 'c'])
    expect(await idsOf()).toEqual(['b'])
    expect(await history.get('a')).toBeNull()
    expect(await history.prune()).toBe(0) // the undo is still possible
    expect(await history.restore(['a'])).toEqual(['a'])
    expect(await idsOf()).toEqual(['b', 'a'])
  })

  test('pins and unpins, and says when there is nothing to pin', async () => {
    await add('cut', 'a')
    expect(await history.pin('a', true)).toBe(true)
    expect((await history.list({})).runs[0]?.pinned).toBe(true)
    expect(await history.pin('x', true)).toBe(false)
  })
})

describe('what stays', () => {
  test('is the newest by number, and what is pinned, with their logs', async () => {
    const log = await logOf(join(folder, 'live'), 'text')
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await history.add(runOf('cut', id), log)
      if (id === 'a') await history.pin(id, true)
    }
    expect(await history.setRetention({ runs: 2, bytes: 1e9 })).toEqual(['c', 'b'])
    expect(await history.retention()).toEqual({ runs: 2, bytes: 1e9 })
    expect(await idsOf()).toEqual(['e', 'd', 'a'])
    await history.add(runOf('cut', 'f'), log)
    expect(await idsOf()).toEqual(['f', 'e', 'a'])
    await log.remove()
  })

  test('can be set back for ten minutes; then what had to go is gone with its log', async () => {
    const log = await logOf(join(folder, 'live'), 'text')
    for (const id of ['a', 'b', 'c']) await history.add(runOf('cut', id), log)
    await log.remove()
    const logs = () => readdirSync(join(folder, 'history', 'logs')).toSorted()
    expect(await history.setRetention({ runs: 1, bytes: 1e9 })).toEqual(['b', 'a'])
    expect(await history.setRetention({ runs: 2, bytes: 1e9 })).toEqual([])
    expect(await history.restore(['b'])).toEqual(['b'])
    expect(await idsOf()).toEqual(['c', 'b'])
    expect(logs()).toEqual(['a', 'b', 'c'])
    vi.setSystemTime(Date.now() + 11 * 60_000)
    try {
      expect(await history.prune()).toBe(1)
    } finally {
      vi.useRealTimers()
    }
    expect(logs()).toEqual(['b', 'c'])
    expect(await history.restore(['a'])).toEqual([])
  })

  test('is the newest by size, and never less than the last run', async () => {
    for (const id of ['a', 'b', 'c']) await add('cut', id)
    const { bytes } = (await history.list({})).kept
    await history.setRetention({ runs: 1000, bytes: Math.ceil(bytes * 0.7) })
    expect(await idsOf()).toEqual(['c', 'b'])
    await history.setRetention({ runs: 1000, bytes: 1 })
    expect(await idsOf()).toEqual(['c'])
  })

  test('is not the log of a run that was killed while it was kept or pruned', async () => {
    await add('cut', 'a')
    await history.close()
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    const make = (id: string, ...names: string[]) => {
      mkdirSync(join(folder, 'history', 'logs', id), { recursive: true })
      for (const name of names) writeFileSync(join(folder, 'history', 'logs', id, name), '')
    }
    const markOf = (pid: number) => ownMark.replace(/^\d+/, String(pid))
    make('pruned', 'log.blocks')
    make('killed', 'log.blocks', `.keeping.${markOf(gone)}`)
    make('at-work', 'log.blocks', `.keeping.${markOf(process.ppid)}`)
    make('elsewhere', 'log.blocks', `.keeping.${gone}_1`)
    make('removed-but-for-its-folder')
    history = await openHistory({ dir: folder })
    await expect.poll(() => readdirSync(join(folder, 'history', 'logs')).toSorted()).toEqual(['at-work', 'elsewhere'])
  })
})

test('two processes use one history at once', async () => {
  const other = await openHistory({ dir: folder })
  await Promise.all(Array.from({ length: 20 }, async (_, index) => (index % 2 === 0 ? history : other).add(runOf('cut', `run${index}`), null)))
  expect((await history.list({})).total).toBe(20)
  expect((await other.list({})).runs.map((run) => run.number)).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index))
  await other.close()
})

test('a closed history says so', async () => {
  await history.close()
  expect(await add('cut', 'a')).toEqual({ kept: false, problem: 'the history is closed' })
  await expect(history.list({})).rejects.toThrow('the history is closed')
})
