import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogStore } from '../../../electron/log/log-store.ts'
import { logOfSavedRun, savedLinesOf } from '../../../electron/log/saved-lines.ts'
import type { RunEvent } from '../../../shared/run/event.ts'
import type { SavedRun } from '../../../shared/run/record.ts'
import { savedRun } from '../../shared/export/saved-runs.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-log-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a log goes into a saved run and comes back line by line as it was', async () => {
  const log = createLogStore({ dir: join(folder, 'a') })
  const events: RunEvent[] = []
  const say = (message: string, atMs: number) => {
    const line = log.appendMessage({ source: 'gateway', level: 'warn', message, fields: { n: 1, text: 'a b' }, atMs })
    events.push({ type: 'log', line, source: 'gateway', level: 'warn', message, fields: { n: 1, text: 'a b' }, seq: events.length, atMs })
  }
  say('first', 1)
  log.appendOutput('stdout', Buffer.from('out 1\r\nout 2\n'), 2.25)
  log.appendOutput('stderr', Buffer.from('err é\n\n'), 700)
  say('second', 701)
  log.appendOutput('stdout', Buffer.from('x\n'.repeat(200_000)), 702)
  await log.end()
  const saved = await savedLinesOf(log)
  expect(saved.leftOut).toBeUndefined()
  expect(saved.logOrigins).toEqual([[0, 1, 'gateway'], [1, 2.25, 'stdout'], [3, 700, 'stderr'], [5, 701, 'gateway'], [6, 702, 'stdout']])
  const run: SavedRun = { ...savedRun('cut'), events, ...saved }
  const again = await logOfSavedRun(join(folder, 'b'), run)
  expect(again.lineCount).toBe(log.lineCount)
  expect(again.counts).toEqual(log.counts)
  for (const from of [0, 100_000, 200_000]) expect(await again.rows(from, 100)).toEqual(await log.rows(from, 100))
  await log.close()
  await again.close()
})

test('a run saved without origins still gives its messages back, the rest as output', async () => {
  const log = await logOfSavedRun(join(folder, 'a'), savedRun('cut'))
  const rows = await log.rows(0, 99)
  expect(rows.map((row) => row.source)).toEqual(['client', 'gateway', 'connector', 'stdout', 'stdout', 'client', 'gateway', 'connector', 'gateway'])
  expect(rows[2]).toMatchObject({ text: 'Starting Python script execution', fields: { timeout_seconds: 65 } })
  expect(rows[3]?.text).toBe('order 1001 EUR')
  expect(rows[3]?.atMs).toBe(rows[2]?.atMs)
  await log.close()
})

test('of a log that is too long the middle is left out, which is said; beginning and end keep their numbers, times and messages', async () => {
  const log = createLogStore({ dir: join(folder, 'a') })
  log.appendMessage({ source: 'gateway', level: 'info', message: 'first', fields: {}, atMs: 1 })
  for (let at = 0; at < 30; at++) log.appendOutput('stdout', Buffer.from(Array.from({ length: 10_000 }, (_, line) => `row ${at * 10_000 + line}\n`).join('')), 10 + at)
  const message = { source: 'client', level: 'warn', message: 'the client hung up', fields: { limit: 'client.total' }, atMs: 50 } as const
  const events: RunEvent[] = [{ type: 'log', line: log.appendMessage(message), ...message, seq: 0 }]
  await log.end()
  const saved = await savedLinesOf(log, 1024 ** 2)
  const { from, lines } = saved.leftOut ?? { from: 0, lines: 0 }
  expect(saved.log).toHaveLength(log.lineCount)
  expect(saved.log[from]).toBe(`(${lines} lines left out: a saved run holds at most 1 MB of log)`)
  expect(saved.log.slice(from + 1, from + lines).every((text) => text === '')).toBe(true)
  expect([saved.log[1], saved.log[from - 1], saved.log[from + lines], saved.log.at(-2)]).toEqual(['row 0', `row ${from - 2}`, `row ${from + lines - 1}`, 'row 299999'])
  // Most of what there is room for is used, and more of it for the end.
  const kept = saved.log.join('\n').length - lines
  expect(kept).toBeGreaterThan(0.7 * 1024 ** 2)
  expect(kept).toBeLessThanOrEqual(1024 ** 2)
  expect(log.lineCount - from - lines).toBeGreaterThan(2 * from)
  const again = await logOfSavedRun(join(folder, 'b'), { ...savedRun('cut'), events, ...saved })
  expect(again.lineCount).toBe(log.lineCount)
  for (const at of [0, from - 50, from + lines, log.lineCount - 100]) expect(await again.rows(at, 50)).toEqual(await log.rows(at, 50))
  expect((await again.rows(log.lineCount - 1, 1))[0]).toMatchObject({ source: 'client', text: 'the client hung up', fields: { limit: 'client.total' } })
  expect((await again.rows(from, 2)).map(({ source, text, atMs }) => ({ source, text: text.slice(0, 1), atMs }))).toEqual([{ source: 'cutoff', text: '(', atMs: (await log.rows(from, 1))[0]?.atMs }, { source: 'stdout', text: '', atMs: (await log.rows(from + 1, 1))[0]?.atMs }])
  await log.close()
  await again.close()
})

test('an empty log is no lines', async () => {
  const log = createLogStore({ dir: join(folder, 'a') })
  await log.end()
  expect(await savedLinesOf(log)).toEqual({ log: [], logOrigins: [] })
  await log.close()
})
