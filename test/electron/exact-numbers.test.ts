import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { exactOutputOf, inputFieldsOf } from '../../shared/run/exact-json.ts'
import type { RunEvent } from '../../shared/run/event.ts'

const text = '{"big": 12345678901234567890, "one": 1.0, "huge": 1e400, "long": 0.1000000000000000055, "zero": -0, "b": 1, "a": 2, "b": 3}\n'
const seen = "{'big': 12345678901234567890, 'one': 1.0, 'huge': inf, 'long': 0.1, 'zero': 0, 'b': 3, 'a': 2}"

let folder = ''
let script = ''
let engine: Engine
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutoff-numbers-'))
  script = join(folder, 'repeats.py')
  await writeFile(script, 'def transform(input_data):\n    return {"seen": repr(input_data), "big": input_data.get("big"), "one": input_data.get("one")}\n')
  engine = await createEngine({ history: 'on', dataDir: join(folder, 'data') })
})
afterEach(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

/** As a screen runs a plan: over the contract, until the record is there. */
async function runAsScreen(input: ReturnType<typeof inputFieldsOf>) {
  const ended = new Set<string>()
  engine.onPush((push) => { if (push.push === 'events' && push.value.events.some((event: RunEvent) => event.type === 'run_ended')) ended.add(push.value.runId) })
  const plan = { ...await planOfArguments(script, {}), ...input }
  const { runId } = await engine.call('startRun', [JSON.parse(JSON.stringify(plan)) as typeof plan])
  await expect.poll(() => ended.has(runId), { timeout: 10_000 }).toBe(true)
  await expect.poll(() => engine.call('historyGet', [runId]), { timeout: 10_000 }).not.toBeNull()
  return runId
}

test('the script is handed the very JSON that was written, and its numbers come back as it returned them', async () => {
  const id = await runAsScreen(inputFieldsOf(text))
  const kept = await engine.call('historyGet', [id])
  expect(kept?.record.output).toMatchObject({ seen })
  expect(JSON.stringify(kept && exactOutputOf(kept.record))).toBe(`{"seen":${JSON.stringify(seen)},"big":12345678901234567890,"one":1.0}`)
  expect(kept?.record.plan.inputText).toBe(text)

  // Saved and opened elsewhere, it is run again with the same input.
  const saved = await engine.call('exportRun', [{ id, format: 'json', withSecrets: false }])
  await engine.close()
  engine = await createEngine({ history: 'on', dataDir: join(folder, 'elsewhere') })
  const imported = await engine.call('importRun', [saved.text])
  const again = await runAsScreen({ input: imported.record.plan.input, ...(imported.record.plan.inputText === undefined ? {} : { inputText: imported.record.plan.inputText }) })
  expect((await engine.call('historyGet', [again]))?.record.output).toMatchObject({ seen })
})

test('an archive of the exchange holds what went over the wire', async () => {
  const id = await runAsScreen(inputFieldsOf(text))
  const har = JSON.parse((await engine.call('exportRun', [{ id, format: 'har', withSecrets: true }])).text) as { log: { entries: { request: { bodySize: number; postData: { text: string } }; response: { bodySize: number; content: { text: string } } }[] } }
  const [entry] = har.log.entries
  expect(entry?.request.postData.text).toBe(text)
  expect(entry?.request.bodySize).toBe(Buffer.byteLength(text))
  expect(entry?.response.content.text).toContain('"big": 12345678901234567890, "one": 1.0')
  expect(entry?.response.bodySize).toBe(Buffer.byteLength(entry?.response.content.text ?? ''))
})

test('a plan without the text, as older screens and runs have it, runs as before', async () => {
  const id = await runAsScreen({ input: { b: 1, a: [1.5, 'x'] } })
  expect((await engine.call('historyGet', [id]))?.record.output).toMatchObject({ seen: "{'b': 1, 'a': [1.5, 'x']}" })
})
