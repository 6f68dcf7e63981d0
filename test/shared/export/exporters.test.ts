import { describe, expect, test } from 'vitest'
import { exporterOf, exporters, exportNameOf, exportRun } from '../../../shared/export/index.ts'
import type { SavedRun } from '../../../shared/run/record.ts'
import { exportOptions, mapTexts, runKinds, sampledRun, savedRun } from './saved-runs.ts'

/** A run in which hardly anything happened, and one with everything in it that is unusual. */
function oddRuns(): [string, SavedRun][] {
  const cut = savedRun('cut')
  const nothing: SavedRun = {
    ...cut, events: cut.events.slice(0, 1), log: [],
    record: { ...cut.record, elapsedMs: 0, spans: [], limits: [], stages: cut.record.stages.map(({ id }) => ({ id, atMs: null })), client: { status: null, bytes: 0, ended: 'aborted', error: null }, script: { exitCode: null, signal: null, wallMs: null, cpuMs: null, maxRssBytes: null, stdoutBytes: 0, stderrBytes: 0, lastStack: null }, verdict: { ...cut.record.verdict, cause: 'unknown', layer: null, limitId: null, atMs: null, evidence: [], consequences: [], fix: [] } },
  }
  const crowded: SavedRun = {
    ...cut, log: Array.from({ length: 5000 }, (_, line) => `line ${line} \u001b[31mred\u001b[0m \0`), logOrigins: [[0, 1, 'stdout'], [2000, 900, 'stderr']],
    record: { ...cut.record, spans: Array.from({ length: 5000 }, (_, index) => ({ id: `s${index}`, parentId: null, layer: 'proxy' as const, name: `try ${index}`, startMs: index % 70, endMs: index % 5 === 0 ? null : 71 + index / 10, status: 'ok' as const })) },
  }
  return [['a run in which nothing happened', nothing], ['a crowded run', crowded]]
}
const runs: [string, SavedRun][] = [...runKinds.map((kind): [string, SavedRun] => [kind, savedRun(kind)]), ['sampled', sampledRun()], ...oddRuns()]

describe.each(exporters.map((exporter) => [exporter.id, exporter] as const))('every exporter: %s', (id, exporter) => {
  test.each(runs)('writes %s, twice the same', (_, run) => {
    const text = exportRun(run, exporter, exportOptions)
    expect(text.length).toBeGreaterThan(100)
    expect(exportRun(run, exporter, exportOptions)).toBe(text)
  })

  test('changes nothing in the run', () => {
    const run = savedRun('cut')
    exportRun(run, exporter, exportOptions)
    expect(run).toEqual(savedRun('cut'))
  })

  test('keeps secrets to itself unless asked for them', () => {
    const run = savedRun('cut')
    const key = 'sk-live-51H8xkq2eZvKYlo2C'
    expect(JSON.stringify(run)).toContain(key)
    expect(exportRun(run, exporter, exportOptions)).not.toContain(key)
    const shows = id === 'json' || id === 'html' || id === 'har'
    expect(exportRun(run, exporter, { ...exportOptions, withSecrets: true }).includes(key)).toBe(shows)
  })

  test('never writes local variables, and no key that stands in a line of the script, unless asked for', () => {
    const text = exportRun(sampledRun(), exporter, exportOptions)
    expect(text).not.toContain('a local value')
    expect(text).not.toContain('the-key-of-line')
  })

  test('is found by its id, and names its file', () => {
    expect(exporterOf(id)).toBe(exporter)
    expect(exportNameOf(savedRun('cut'), exporter)).toBe(`enrich_orders-2026-11-23-20-39-38-cut.${exporter.extension}`)
    expect(exportNameOf(mapTexts(savedRun('cut'), (text, key) => key === 'name' ? '../../a b?.py' : text), exporter)).toMatch(/^_a_b_-2026/)
  })
})

test('an unknown format is not found', () => {
  expect(exporterOf('pdf')).toBeUndefined()
})
