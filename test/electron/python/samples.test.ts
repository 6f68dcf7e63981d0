import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { ScriptDeadline } from '../../../electron/python/script-run.ts'
import { readSamples } from '../../../electron/samples.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { parseValue } from '../../../shared/limits/units.ts'
import { samples, type Sample } from '../../../shared/samples/index.ts'
import { machinePython, markedRunner, runScript, until, type Ran } from './run-script.ts'

const folder = join(import.meta.dirname, '../../../shared/samples')
const { runner, alive } = markedRunner()
afterAll(() => runner.close())

/** Runs a sample with the limits of its own that the runner enforces. */
async function run(id: string): Promise<Ran> {
  const sample = samples.find((candidate) => candidate.id === id)
  if (!sample) throw new Error(`no sample ${id}`)
  const os: Record<string, number> = { addressSpaceBytes: 512 * 1024 ** 2 }
  const deadlines: ScriptDeadline[] = []
  for (const [limitId, text] of Object.entries(sample.limits)) {
    const value = valueOf(limitId, text)
    if (limitId === 'os.cpu_time') os['cpuTimeMs'] = value
    else if (limitId === 'wrapper.timeout') deadlines.push({ limitId, by: 'wrapper', at: { afterStartMs: value } })
    else if (limitId === 'connector.python') deadlines.push({ limitId, by: 'connector', at: { afterStartMs: value } })
  }
  await runner.warm(machinePython) // a cold start may take longer than a sample's limit on a busy machine
  return runScript(runner, join(folder, sample.file), { input: sample.input, os, deadlines })
}
function valueOf(limitId: string, text: string): number {
  const kind = limitKindOf(limitId)
  if (!kind) throw new Error(`unknown limit ${limitId}`)
  const parsed = parseValue(text, kind.kind)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

describe('the list of samples', () => {
  test('names every script of the folder once, with limits that exist', () => {
    expect(samples.map(({ file }) => file).toSorted()).toEqual(readdirSync(folder).filter((file) => file.endsWith('.py')).toSorted())
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length)
    for (const sample of samples) for (const [limitId, text] of Object.entries(sample.limits)) expect(valueOf(limitId, text)).toBeGreaterThan(0)
  })

  test('comes with the text of the files', async () => {
    const shipped = await readSamples()
    expect(shipped.map(({ id }) => id)).toEqual(samples.map(({ id }: Sample) => id))
    for (const { text } of shipped) expect(text).toContain('def transform(input_data):')
  })
})

describe('the sample', () => {
  test('enrich_orders takes its two seconds when nobody cuts it', async () => {
    const ran = await run('enrich-orders')
    expect(ran.result()).toMatchObject({ orders: [{ id: 1001, total: 129.9, currency: 'USD' }] })
    expect(ran.stdout).toBe('orders: 1\norder 1001: 1.08\n')
  })
  test('two_second_delay returns its input', async () => { expect((await run('two-second-delay')).result()).toEqual({ status: 'success', input: { test: 'data' } }) })
  test('test_timeout_fix shows how far it came', async () => {
    const ran = await run('test-timeout-fix')
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python' })
    expect(ran.stdout).toContain('step 2/15')
    expect(ran.stdout).not.toContain('step 15/15')
  })
  test('ignores_sigterm does, and is killed', async () => {
    const ran = await run('ignores-sigterm')
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'wrapper.timeout', exit: { signal: 'SIGKILL' } })
    expect(ran.stdout).toContain('carrying on')
  })
  test('burns_cpu uses up its second', async () => { expect((await run('burns-cpu')).ending).toMatchObject({ kind: 'exited', exit: { signal: 'SIGXCPU' } }) })
  test('eats_memory raises MemoryError on the line that asks', async () => {
    expect((await run('eats-memory')).event('script_error')?.error).toMatchObject({ type: 'MemoryError', detail: 'return bytearray(size)' })
  })
  test('raises_error fails on its second record', async () => {
    const ran = await run('raises-error')
    expect(ran.event('script_error')?.error).toMatchObject({ phase: 'transform', type: 'KeyError', message: "'vat'", line: 5 })
    expect(ran.stdout).toBe('item A-1\nitem A-2\n')
  })
  test('returns_unserialisable names the date', async () => {
    expect((await run('returns-unserialisable')).event('script_error')?.error).toMatchObject({ phase: 'serialise', detail: '$.orders[0].due: date datetime.date(2024, 5, 31)' })
  })
  test('forks_children leaves two behind, which are ended', async () => {
    const ran = await run('forks-children')
    expect(ran.result()).toEqual({ started: 2 })
    expect(ran.event('process_exited')?.leftovers).toBe(2)
    await until(() => alive().length === 0)
  })
  test('floods_log prints its million lines, all of which arrive', async () => {
    const ran = await run('floods-log')
    expect(ran.result()).toEqual({ rows: 1_000_000 })
    expect(ran.stdout.split('\n')).toHaveLength(1_000_001)
  })
  test('test_simple_python tells its Python', async () => { expect((await run('test-simple-python')).result()).toMatchObject({ status: 'success', input: { test: 'simple' } }) })
  test('test_python_execution adds up and complains', async () => {
    const ran = await run('test-python-execution')
    expect(ran.result()).toEqual({ status: 'success', records: 3, total: 14.75 })
    expect(ran.stderr).toBe('record 2 has no amount, skipped\n')
  })
})
