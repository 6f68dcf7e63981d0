import { stageIds, stageLayer } from '../flow/layers.ts'
import type { SavedRun } from '../run/record.ts'
import type { Exporter } from './exporter.ts'

const columns = ['run', 'started_at', 'script', 'outcome', 'cause', 'stage', 'number', 'layer', 'at_ms', 'since_previous_ms', 'detail']

/** The five stages, a row each, reached or not (RFC 4180). */
export const csvExporter: Exporter = {
  id: 'csv',
  title: 'Stages (CSV)',
  extension: 'csv',
  mediaType: 'text/csv',
  toText: (run) => [columns, ...rowsOf(run)].map((row) => row.map(cellOf).join(',')).map((line) => `${line}\r\n`).join(''),
}

function rowsOf({ record }: SavedRun): (string | number | null)[][] {
  let previous = 0
  return stageIds.map((id, index) => {
    const stage = record.stages.find((candidate) => candidate.id === id)
    const atMs = stage?.atMs ?? null
    const since = atMs === null ? null : Math.round((atMs - previous) * 1000) / 1000
    previous = atMs ?? previous
    return [record.id, record.startedAt, record.plan.script.name, record.outcome, record.verdict.cause, id, index + 1, stageLayer[id], atMs, since, atMs === null ? 'not reached' : stage?.detail ?? '']
  })
}

/** Quoted where it must be. Text that a spreadsheet would take for a formula gets an apostrophe (CWE-1236). */
function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
