import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine.ts'

const fixture = join(import.meta.dirname, '../fixtures/runs/cut.v1.json')
let dataDir = ''
let engine: Engine
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cutoff-run-files-'))
  engine = await createEngine({ history: 'on', dataDir })
})
afterEach(async () => {
  await engine.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('a run that a colleague sent is kept with its log, and goes out again as it came', async () => {
  const text = await readFile(fixture, 'utf8')
  const kept = await engine.call('importRun', [text])
  expect(kept.number).toBe(1)
  const rows = await engine.call('logRows', [{ runId: kept.record.id, from: 0, count: 100, filter: null }])
  const saved = JSON.parse(text) as { log: string[] }
  expect(rows.rows.map((row) => row.text)).toEqual(expect.arrayContaining([expect.stringContaining('Starting Python script execution')]))
  expect(rows.total).toBe(saved.log.length)
  const out = await engine.call('exportRun', [{ id: kept.record.id, format: 'json', withSecrets: true }])
  expect(out).toMatchObject({ mediaType: 'application/json', fileName: expect.stringMatching(/-cut\.json$/) })
  expect((JSON.parse(out.text) as { record: unknown }).record).toEqual((JSON.parse(text) as { record: unknown }).record)
})

test('one that is here already is named; one that was just removed comes back', async () => {
  const text = await readFile(fixture, 'utf8')
  const { record } = await engine.call('importRun', [text])
  await expect(engine.call('importRunFile', [fixture])).rejects.toMatchObject({ code: 'already_kept', where: record.id, message: expect.stringContaining('as run 1') })
  await engine.call('historyRemove', [[record.id]])
  await expect(engine.call('importRun', [text])).rejects.toMatchObject({ code: 'already_kept' })
  expect((await engine.call('historyGet', [record.id]))?.number).toBe(1)
})

test('what cannot be read or written says so, with its place and what to do', async () => {
  await expect(engine.call('importRun', ['{\n  "schema": 1,,\n}'])).rejects.toMatchObject({ code: 'bad_saved_run', message: expect.stringMatching(/line 2, column 15/), hint: expect.stringContaining('Export') })
  const broken = join(dataDir, 'broken.json')
  await writeFile(broken, (await readFile(fixture, 'utf8')).replace('"seq":1,', '"seq":9,'))
  await expect(engine.call('importRunFile', [broken])).rejects.toMatchObject({ code: 'bad_saved_run', where: 'events[1].seq' })
  await expect(engine.call('importRunFile', [join(dataDir, 'nothing.json')])).rejects.toMatchObject({ code: 'run_file_not_found' })
  await expect(engine.call('importRunFile', [dataDir])).rejects.toMatchObject({ message: 'this is not a file' })
  await expect(engine.call('exportRun', [{ id: 'nothing', format: 'html', withSecrets: false }])).rejects.toMatchObject({ code: 'unknown_run' })
  const { record } = await engine.call('importRun', [await readFile(fixture, 'utf8')])
  await expect(engine.call('exportRun', [{ id: record.id, format: 'bad', withSecrets: false }])).rejects.toMatchObject({ code: 'unknown_format', hint: expect.stringContaining('speedscope') })
})

test('a long one takes the same way on a thread of its own, mistakes included', async () => {
  const saved = JSON.parse(await readFile(fixture, 'utf8')) as { record: { log: { lines: number } }; log: string[] }
  const lines = Array.from({ length: 40_000 }, (_, index) => `line ${index} of a long log, with words in it`)
  const long = JSON.stringify({ ...saved, log: lines, record: { ...saved.record, log: { lines: lines.length } } })
  await expect(engine.call('importRun', [`${long},`])).rejects.toMatchObject({ code: 'bad_saved_run', message: expect.stringContaining('not JSON') })
  const { record } = await engine.call('importRun', [long])
  const out = await engine.call('exportRun', [{ id: record.id, format: 'json', withSecrets: false }])
  expect((JSON.parse(out.text) as { log: string[] }).log.at(-1)).toBe(lines.at(-1))
  await expect(engine.call('exportRun', [{ id: record.id, format: 'bad', withSecrets: false }])).rejects.toMatchObject({ code: 'unknown_format' })
})
