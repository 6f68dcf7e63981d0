import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openHistory, type History } from '../../electron/history/history.ts'
import type { SavedRun } from '../../shared/run/record.ts'
import { figure, quantile, type Figure } from './figure.ts'

const runs = 20_000
const rounds = 15

/** The history with 20 000 runs in it: listing, searching, reopening. */
export async function benchHistory(): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const history = await openHistory({ dir })
  try {
    await history.setRetention({ runs: 10 * runs, bytes: 2 ** 40 })
    await fill(history, dir)
    const page = await timed(() => history.list({}))
    const all = await timed(() => history.list({ count: runs }))
    const search = await timed(() => history.list({ search: 'enrich client.total 4711' }))
    const reopen = await timed(async () => {
      const run = await history.get('run-10000')
      if (!run) throw new Error('run-10000 is not in the history')
    })
    const how = `median of ${rounds}, ${runs.toLocaleString('en')} runs in the store`
    return [
      figure('history: list, newest 200 of 20 000', page, 'ms', '<= 100', how),
      figure('history: list, all 20 000', all, 'ms', null, how),
      figure('history: search in 20 000 runs', search, 'ms', '<= 100', how),
      figure('history: reopen a run of 20 000', reopen, 'ms', '<= 200', `${how}; the record and its events, read and parsed`),
    ]
  } finally {
    await history.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** One run through the front door, the rest copied from it inside the store: what is measured is reading. */
async function fill(history: History, dir: string): Promise<void> {
  const saved = JSON.parse(await readFile(join(import.meta.dirname, '../../test/fixtures/runs/cut.v1.json'), 'utf8')) as SavedRun
  const added = await history.add({ record: { ...saved.record, id: 'run-1' }, events: saved.events }, null)
  if (!added.kept) throw new Error(added.problem)
  const db = new DatabaseSync(join(dir, 'history', 'history.db'))
  db.exec(`BEGIN;
    INSERT INTO runs (id, started_at, script, profile, outcome, cause, limit_id, limit_value, headline, elapsed_ms, log_lines, pinned, bytes, words)
      WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ${runs})
      SELECT 'run-' || n, started_at, script, profile, CASE n % 3 WHEN 0 THEN 'completed' WHEN 1 THEN 'failed' ELSE 'cut' END, cause, limit_id, limit_value, headline, elapsed_ms + n, log_lines, n % 500 = 0, bytes, words || ' ' || n
      FROM runs, n WHERE id = 'run-1';
    INSERT INTO run_data (number, event_format, record, events) SELECT r.number, d.event_format, d.record, d.events FROM runs r, run_data d WHERE d.number = 1 AND r.number > 1;
    COMMIT`)
  db.close()
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return quantile(times, 0.5)
}
