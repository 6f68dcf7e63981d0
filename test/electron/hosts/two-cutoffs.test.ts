import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServed, type ServedEngine } from '../../../build/test-tools/kill/served-engine.ts'
import type { Draft } from '../../../shared/bridge/contract.ts'
import { defaultStacks, type RunPlan } from '../../../shared/run/plan.ts'
import { runJson } from '../../helpers/cutoff.ts'

/** Two web hosts and the command line, each a process of its own, on one data folder. */
const folder = mkdtempSync(join(tmpdir(), 'cutoff-two-'))
const env = { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data') }
const script = join(folder, 'order.py')
let engines: [ServedEngine, ServedEngine]

beforeAll(async () => {
  writeFileSync(script, 'def transform(input_data):\n    return input_data\n')
  engines = await Promise.all([startServed(env).ready, startServed(env).ready])
})
afterAll(async () => {
  for (const engine of engines) await engine.kill()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

const plan: RunPlan = { script: { path: script, name: 'order.py', text: null }, input: {}, python: null, profile: 'transformation-service', limits: [], proxies: [], faults: [], propagateCancel: true, stacks: defaultStacks }
const draft = (text: string, window: string): Draft => ({ scriptPath: null, scriptName: 'a.py', scriptText: text, inputText: '{}', limits: { 'client.total': '500ms' }, profile: 'transformation-service', window })
const idsOf = async (engine: ServedEngine) => (await engine.call('historyList', {})).runs.map(({ id }) => id)

test('every run is in the history, whichever of them ran it, and all of them see it', async () => {
  const served = engines.flatMap((engine) => [engine, engine]).map(async (engine) => (await engine.call('startRun', plan)).runId)
  const [ids, commanded] = await Promise.all([Promise.all(served), Promise.all([script, script].map(async (path) => (await runJson([path], { env })).record.id))])
  const all = [...ids, ...commanded].toSorted()
  for (const engine of engines) await expect.poll(async () => (await idsOf(engine)).toSorted(), { timeout: 30_000 }).toEqual(all)
  const db = new DatabaseSync(join(env.CUTOFF_DATA_DIR, 'history', 'history.db'), { readOnly: true })
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  db.close()
}, 60_000)

test('cases that both add to one script are all kept', async () => {
  const of = (id: string) => ({ id, name: id, inputText: '{}', expectedText: null })
  await Promise.all(engines.map((engine, index) => engine.call('saveCases', script, [of(`of engine ${index}`)], [])))
  expect((await engines[0].call('loadCases', script)).map(({ id }) => id).toSorted()).toEqual(['of engine 0', 'of engine 1'])
})

test('a draft belongs to the engine that is at work on it, and is the other’s once that is killed', async () => {
  const [one, other] = engines
  await one.call('saveDraft', draft('of one', 'window-one'))
  await other.call('saveDraft', draft('of other', 'window-other'))
  expect(await other.call('openDraft', { window: 'window-other', present: [] })).not.toHaveProperty('tabs')
  await one.kill()
  const opened = await other.call('openDraft', { window: 'window-other', present: [] })
  expect(opened?.tabs?.map(({ text }) => text)).toEqual(['of other', 'of one'])
})
