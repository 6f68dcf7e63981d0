import { describe, expect, test } from 'vitest'
import { exporters, exporterOf, exportRun } from '../../../shared/export/index.ts'
import { parseSavedRun } from '../../../shared/export/import-run.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { toRecord } from '../../../shared/run/to-record.ts'
import type { SavedRun } from '../../../shared/run/record.ts'
import { exportOptions, runKinds, sampledRun, savedRun, savedText } from './saved-runs.ts'

test.each(runKinds)('a run saved by version 1 opens: %s', (kind) => {
  expect(parseSavedRun(savedText(kind))).toEqual({ ok: true, run: savedRun(kind) })
})

test('what was exported opens again, with or without its secrets', () => {
  const run: SavedRun = { ...savedRun('cut'), logOrigins: [[0, 1.5, 'client'], [3, 2, 'stdout']] }
  expect(parseSavedRun(exportRun(run, exporterOf('json')!, { ...exportOptions, withSecrets: true }))).toEqual({ ok: true, run })
  expect(parseSavedRun(exportRun(run, exporterOf('json')!, exportOptions))).toMatchObject({ ok: true, run: { redacted: true } })
})

test('a run with stacks comes back equal, and without locals and secrets when it was exported for others', () => {
  const run = sampledRun()
  expect(parseSavedRun(exportRun(run, exporterOf('json')!, { ...exportOptions, withSecrets: true }))).toEqual({ ok: true, run })
  const parsed = parseSavedRun(exportRun(run, exporterOf('json')!, exportOptions))
  expect(parsed).toMatchObject({ ok: true, run: { record: { stacks: { samples: 23, lines: run.record.stacks?.lines.map(({ line }) => ({ line })) } } } })
  expect(JSON.stringify(parsed)).not.toMatch(/a local value|the-key-of-line/)
})

test('a run with a million lines opens', () => {
  const run: SavedRun = { ...savedRun('cut'), log: Array.from({ length: 1_000_000 }, (_, line) => `line ${line}`) }
  const parsed = parseSavedRun(JSON.stringify(run))
  expect(parsed.ok && parsed.run.log.length).toBe(1_000_000)
}, 20_000)

test('an opened run gives the verdict it had', () => {
  for (const kind of runKinds) {
    const parsed = parseSavedRun(savedText(kind))
    if (!parsed.ok) throw new Error(parsed.problem)
    const again = toRecord(foldRun(parsed.run.events), { output: parsed.run.record.output, logLines: parsed.run.record.log.lines })
    expect(again.verdict.cause).toBe(parsed.run.record.verdict.cause)
    expect(again.stages).toEqual(parsed.run.record.stages)
  }
})

describe('what is no saved run is refused with the reason', () => {
  const changed = (change: (run: Record<string, any>) => void): string => { // oxlint-disable-line typescript/no-explicit-any -- it is broken on purpose
    const run = savedRun('cut')
    change(run)
    return JSON.stringify(run)
  }
  test.each([
    ['nothing', '', /this file is empty/, null],
    ['a slip of the pen', '{\n  "schema": "cutoff.saved-run/1"\n  "events": []\n}', /this is not JSON: .*\(line 3, column 3\)/, null],
    ['text', 'hello', /this is not JSON/, null],
    ['half a file', savedText('cut').slice(0, 5000), /this is not JSON/, null],
    ['null', 'null', /not a run saved by Cutoff/, 'schema'],
    ['some other JSON', '{"a":1}', /not a run saved by Cutoff/, 'schema'],
    ['a HAR', exportRun(savedRun('cut'), exporterOf('har')!, exportOptions), /not a run saved by Cutoff/, 'schema'],
    ['a record alone', JSON.stringify(savedRun('cut').record), /without the events/, 'schema'],
    ['records of several runs', '{"schema":"cutoff.runs/1","runs":[]}', /several runs/, 'schema'],
    ['a later version', changed((run) => { run.schema = 'cutoff.saved-run/2' }), /newer Cutoff \(cutoff.saved-run\/2\)/, 'schema'],
    ['later events', changed((run) => { run.eventFormat = 99 }), /newer Cutoff \(events of version 99/, 'eventFormat'],
    ['no record', changed((run) => { delete run.record }), /^record: /, 'record'],
    ['a stage missing', changed((run) => { run.record.stages.pop() }), /^record\.stages: /, 'record.stages'],
    ['a cause that does not exist', changed((run) => { run.record.verdict.cause = 'client.weather' }), /^record\.verdict\.cause: .*client\.weather/, 'record.verdict.cause'],
    ['an id that is a path', changed((run) => { run.record.id = '../../x' }), /^record\.id: an id has 1 to 64 letters/, 'record.id'],
    ['a time that is none', changed((run) => { run.record.startedAt = 'yesterday' }), /^record\.startedAt: it must be a time/, 'record.startedAt'],
    ['text for a number', changed((run) => { run.record.spans[2].startMs = '1' }), /^record\.spans\[2\]\.startMs: expected number, found "1"/, 'record.spans[2].startMs'],
    ['an unknown event', changed((run) => { run.events[3].type = 'teleported' }), /no event of the type "teleported"/, 'events[3].type'],
    ['an event type from the prototype', changed((run) => { run.events[3].type = 'constructor' }), /no event of the type "constructor"/, 'events[3].type'],
    ['an event without its field', changed((run) => { const stage = run.events.find((event: { type: string }) => event.type === 'stage'); delete stage.stage }), /^events\[\d+\]\.stage: expected/, /^events\[\d+\]\.stage$/],
    ['an event left out', changed((run) => { run.events.splice(5, 1) }), /missing or out of order/, 'events[5].seq'],
    ['an input’s text that is another', changed((run) => { run.record.plan.inputText = '{"other": 1.0}' }), /^record\.plan\.inputText: it must be JSON, and the text of the plan’s input/, 'record.plan.inputText'],
    ['an output’s text that is none', changed((run) => { run.record.outputText = '[1.0' }), /^record\.outputText: it must be JSON/, 'record.outputText'],
    ['no events', changed((run) => { run.events = [] }), /first event must be run_started/, 'events[0]'],
    ['stacks that are none', changed((run) => { run.record.stacks = 'x' }), /^record\.stacks: expected Object, found "x"/, 'record.stacks'],
    ['a line without its time', changed((run) => { run.record.stacks = sampledRun().record.stacks; delete run.record.stacks.lines[0].ownMs }), /^record\.stacks\.lines\[0\]\.ownMs: /, 'record.stacks.lines[0].ownMs'],
    ['threads without names', changed((run) => { run.events = sampledRun().events; run.events.at(-1).threads = [[1]] }), /^events\[\d+\]\.threads/, /^events\[\d+\]\.threads/],
    ['a number without end', savedText('cut').replace(/"elapsedMs":[\d.]+/, '"elapsedMs":1e999'), /^record\.elapsedMs: /, 'record.elapsedMs'],
    ['an input without end', savedText('cut').replace('"input":{', `"input":{"deep":${'['.repeat(200_000)}${']'.repeat(200_000)},`), /nested more than 600 levels deep/, null],
    ['a field of ours without end', savedText('cut').replace('"record":{', `"record":{"deep":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)},`), /nested more than 600 levels deep/, null],
    ['an input that is too deep for Python', savedText('cut').replace('"input":{', `"input":{"deep":${'['.repeat(550)}${']'.repeat(550)},`), /^record\.plan\.input: (?!expected unknown)/, 'record.plan.input'],
    ['a HTML report', exportRun(savedRun('cut'), exporterOf('html')!, exportOptions), /this is not JSON/, null],
    ['zero bytes', '\0'.repeat(1000), /this is not JSON/, null],
    ['a log of numbers', changed((run) => { run.log = [1] }), /^log\[0\]: expected string/, 'log[0]'],
  ])('%s', (_, text, problem, where) => {
    const parsed = parseSavedRun(text)
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(problem) })
    if (!parsed.ok && where !== null) expect(parsed.where).toMatch(where)
  })
})

test('a run changed in any place is either refused or can be shown', () => {
  let seed = 42
  const random = (most: number) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor((seed / 2 ** 32) * most) }
  const odd: unknown[] = [null, -1, 1e308, '', 'x', [], {}, true, 0.5, '__proto__', [[]], { a: 1 }]
  let opened = 0
  for (let round = 0; round < 400; round++) {
    const run: unknown = JSON.parse(savedText(runKinds[random(3)]!))
    for (let changes = 1; changes > 0; changes--) changeSomewhere(run, random, odd)
    const parsed = parseSavedRun(JSON.stringify(run))
    if (!parsed.ok) {
      expect(parsed.problem.length).toBeGreaterThan(5)
      continue
    }
    opened++
    for (const exporter of exporters) expect(exportRun(parsed.run, exporter, exportOptions).length).toBeGreaterThan(10)
    toRecord(foldRun(parsed.run.events), { output: null, logLines: 0 })
  }
  expect(opened).toBeGreaterThan(20)
})

/** Replaces one value, somewhere deep in. */
function changeSomewhere(root: unknown, random: (most: number) => number, odd: readonly unknown[]): void {
  let value = root
  for (;;) {
    if (typeof value !== 'object' || value === null) return
    const keys = Object.keys(value)
    if (keys.length === 0) return
    const key = keys[random(keys.length)]!
    const child: unknown = Reflect.get(value, key)
    if (typeof child === 'object' && child !== null && Object.keys(child).length > 0 && random(8) > 0) {
      value = child
      continue
    }
    if (random(6) === 0) Reflect.deleteProperty(value, key)
    else Reflect.set(value, key, odd[random(odd.length)])
    return
  }
}
