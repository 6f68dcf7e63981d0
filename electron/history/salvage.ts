import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { steps, versionOf } from './schema.ts'

const allColumns = ['number', 'id', 'started_at', 'script', 'case_name', 'profile', 'outcome', 'cause', 'limit_id', 'limit_value', 'headline', 'elapsed_ms', 'log_lines', 'pinned', 'bytes', 'removed_at', 'words']
const dataColumns = ['event_format', 'record', 'events']

/**
 * Copies what can still be read of a damaged store into a new one, run by run, under the same numbers. Returns how many came over
 * and how many did not, as far as the damaged file can tell. Never throws: the damaged file stays, whatever comes of this.
 */
export function salvageRuns(damagedPath: string, into: DatabaseSync): { saved: number; lost: number } {
  let saved = 0
  let lost = 0
  let damaged: DatabaseSync | null = null
  try {
    damaged = new DatabaseSync(damagedPath, { readOnly: true })
    if (versionOf(damaged) > steps.length) return { saved, lost }
    // One of an earlier version, damaged before it could be upgraded, has fewer columns.
    const known = new Set(damaged.prepare('PRAGMA table_info(runs)').all().map(({ name }) => name))
    const columns = allColumns.filter((name) => known.has(name))
    const newest = Number(damaged.prepare('SELECT max(number) AS newest FROM runs').get()?.newest ?? 0)
    const read = damaged.prepare(`SELECT ${columns.map((name) => `r.${name}`).join(', ')}, ${dataColumns.map((name) => `d.${name}`).join(', ')} FROM runs r JOIN run_data d USING (number) WHERE number = ?`)
    const write = into.prepare(`INSERT OR IGNORE INTO runs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    const writeData = into.prepare('INSERT OR IGNORE INTO run_data (number, event_format, record, events) VALUES (?, ?, ?, ?)')
    for (let number = 1; number <= newest; number++) {
      try {
        const row: Record<string, SQLOutputValue> | undefined = read.get(number)
        if (!row) continue
        into.exec('BEGIN')
        write.run(...columns.map((name) => row[name] ?? null))
        writeData.run(number, ...dataColumns.map((name) => row[name] ?? null))
        into.exec('COMMIT')
        saved++
      } catch {
        if (into.isTransaction) into.exec('ROLLBACK')
        lost++
      }
    }
  } catch { /* not even a beginning can be read */ } finally {
    damaged?.close()
  }
  return { saved, lost }
}
