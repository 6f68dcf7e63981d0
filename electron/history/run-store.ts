import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { HistoryPage, HistoryQuery, HistoryRow, Retention } from '../../shared/run/history.ts'
import { defaultRetention } from '../../shared/run/history.ts'

/** A run on its way into the store: what the list shows, and the rest as JSON text. */
export interface RunToKeep {
  row: Omit<HistoryRow, 'number' | 'pinned' | 'bytes'>
  words: string
  moreWords: string
  eventFormat: number
  recordJson: string
  eventsJson: string
  logBytes: number
}

/** A stored run, still as text. */
export interface StoredRun { number: number; pinned: boolean; eventFormat: number; recordJson: string; eventsJson: string }

/** The questions the history asks its database. Every method is one transaction; errors of SQLite pass through. */
export interface RunStore {
  add(run: RunToKeep): number
  list(query: HistoryQuery): HistoryPage
  get(id: string): StoredRun | null
  pin(id: string, pinned: boolean): boolean
  /** Returns the ids that were there. */
  remove(ids: readonly string[], at: string): string[]
  restore(ids: readonly string[]): string[]
  retention(): Retention
  /** Sets what stays, and takes out of the list what that no longer holds, as `remove` does. Returns the ids. */
  setRetention(retention: Retention, at: string): string[]
  /** Clears away what was removed before `removedBefore` and what the retention no longer holds; returns whose logs can go. */
  prune(removedBefore: string): string[]
  ids(): string[]
}

export function createRunStore(db: DatabaseSync): RunStore {
  const insertRun = db.prepare(`INSERT INTO runs (id, started_at, script, case_name, profile, outcome, cause, limit_id, limit_value, headline, elapsed_ms, log_lines, bytes, words)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertData = db.prepare('INSERT INTO run_data (number, event_format, record, events) VALUES (?, ?, ?, ?)')
  const insertWords = db.prepare('INSERT INTO more_words (rowid, text) VALUES (?, ?)')
  const selectData = db.prepare('SELECT r.number, r.pinned, d.event_format, d.record, d.events FROM runs r JOIN run_data d USING (number) WHERE r.id = ? AND r.removed_at IS NULL')
  const totals = db.prepare('SELECT count(*) AS runs, coalesce(sum(bytes), 0) AS bytes FROM runs WHERE removed_at IS NULL')
  const setPinned = db.prepare('UPDATE runs SET pinned = ? WHERE id = ? AND removed_at IS NULL')
  const setRemoved = db.prepare('UPDATE runs SET removed_at = ? WHERE id = ? AND (removed_at IS NULL) = ?')
  const deleteRun = db.prepare('DELETE FROM runs WHERE number = ?')
  const deleteWords = db.prepare('DELETE FROM more_words WHERE rowid = ?')
  const unpinned = db.prepare('SELECT count(*) AS runs, coalesce(sum(bytes), 0) AS bytes FROM runs WHERE removed_at IS NULL AND pinned = 0')
  const newestFirst = db.prepare('SELECT number, id, bytes FROM runs WHERE removed_at IS NULL AND pinned = 0 ORDER BY number DESC')
  const removedEarlier = db.prepare('SELECT number, id FROM runs WHERE removed_at < ?')
  const getSetting = db.prepare('SELECT value FROM settings WHERE name = ?')
  const setSetting = db.prepare('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')

  const whole = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      db.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full); a second rollback would hide the first error.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }

  const retention = (): Retention => {
    const text = getSetting.get('retention')?.value
    return typeof text === 'string' ? { ...defaultRetention, ...JSON.parse(text) as Partial<Retention> } : defaultRetention
  }

  /** What the retention does not hold; two sums tell whether there is any. */
  const outOfBounds = (): Row[] => {
    const bounds = retention()
    const held = unpinned.get()
    return Number(held?.runs) > bounds.runs || Number(held?.bytes) > bounds.bytes ? beyond(newestFirst.all(), bounds) : []
  }

  return {
    add(run) {
      const record = deflateRawSync(run.recordJson)
      const events = deflateRawSync(run.eventsJson)
      const { row } = run
      return whole(() => {
        const bytes = record.length + events.length + run.words.length + run.logBytes
        const { lastInsertRowid } = insertRun.run(row.id, row.startedAt, row.script, row.caseName, row.profile, row.outcome, row.cause, row.limitId, row.limitValue, row.headline, row.elapsedMs, row.logLines, bytes, run.words)
        insertData.run(lastInsertRowid, run.eventFormat, record, events)
        insertWords.run(lastInsertRowid, run.moreWords)
        return Number(lastInsertRowid)
      })
    },
    list(query) {
      const { where, values } = conditionsOf(query)
      const count = query.count ?? 200
      const page = db.prepare(`SELECT number, id, started_at, script, case_name, profile, outcome, cause, limit_id, limit_value, headline, elapsed_ms, log_lines, pinned, bytes FROM runs
        WHERE ${where} AND number < ? ORDER BY number DESC LIMIT ?`)
      const runs = page.all(...values, query.before ?? Number.MAX_SAFE_INTEGER, count).map(rowOf)
      // A first page that is not full holds all there are: a search for something rare goes through the runs once, not twice.
      const isAll = query.before == null && runs.length < count
      const total = isAll ? runs.length : db.prepare(`SELECT count(*) AS total FROM runs WHERE ${where}`).get(...values)?.total
      const kept = totals.get()
      return { runs, total: Number(total), kept: { runs: Number(kept?.runs), bytes: Number(kept?.bytes) } }
    },
    get(id) {
      const found = selectData.get(id)
      if (!found) return null
      return { number: Number(found.number), pinned: found.pinned === 1, eventFormat: Number(found.event_format), recordJson: inflated(found.record), eventsJson: inflated(found.events) }
    },
    pin: (id, pinned) => setPinned.run(pinned ? 1 : 0, id).changes > 0,
    remove: (ids, at) => whole(() => ids.filter((id) => setRemoved.run(at, id, 1).changes > 0)),
    restore: (ids) => whole(() => ids.filter((id) => setRemoved.run(null, id, 0).changes > 0)),
    retention,
    setRetention: (value, at) => whole(() => {
      setSetting.run('retention', JSON.stringify(value))
      const gone = outOfBounds().map(({ id }) => String(id))
      for (const id of gone) setRemoved.run(at, id, 1)
      return gone
    }),
    prune(removedBefore) {
      return whole(() => {
        const gone = [...removedEarlier.all(removedBefore), ...outOfBounds()]
        for (const { number } of gone) {
          deleteWords.run(number ?? null)
          deleteRun.run(number ?? null)
        }
        return gone.map(({ id }) => String(id))
      })
    },
    ids: () => db.prepare('SELECT id FROM runs').all().map(({ id }) => String(id)),
  }
}

type Row = Record<string, SQLOutputValue>

/** Runs (newest first) that the bounds no longer hold. The newest run always stays. */
function beyond(rows: Row[], { runs, bytes }: Retention): Row[] {
  let sum = 0
  return rows.filter((row, index) => {
    sum += Number(row.bytes)
    return index > 0 && (index >= runs || sum > bytes)
  })
}

function conditionsOf({ outcome, search }: HistoryQuery): { where: string; values: SQLInputValue[] } {
  const conditions = ['removed_at IS NULL']
  const values: SQLInputValue[] = []
  if (outcome === 'pinned') conditions.push('pinned = 1')
  else if (outcome) {
    conditions.push('outcome = ?')
    values.push(outcome)
  }
  const text = (search ?? '').toLowerCase().replaceAll(calledByNumber, (_, before: string, number: string) => {
    conditions.push('number = ?')
    values.push(Number(number))
    return before
  })
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const tokens = tokensOf(word)
    // A number alone may be the run's, or stand anywhere in it.
    const number = /^\d{1,9}$/.test(word) ? Number(word) : -1
    conditions.push(tokens === null ? 'instr(words, ?) > 0' : `(${number < 0 ? '' : 'number = ? OR '}instr(words, ?) > 0 OR number IN (SELECT rowid FROM more_words WHERE more_words MATCH ?))`)
    values.push(...(number < 0 ? [] : [number]), word, ...(tokens === null ? [] : [tokens]))
  }
  return { where: conditions.join(' AND '), values }
}

/** `run 412` and `#412`, as the list writes it and people do. */
const calledByNumber = /(^|\s)(?:run\s+|#)(\d{1,9})(?=\s|$)/g

/** A word as FTS5 splits it, each part the beginning of a word; null where it has no letter or digit at all. */
function tokensOf(word: string): string | null {
  const parts = word.match(/[\p{L}\p{N}]+/gu)
  return parts ? parts.map((part) => `"${part}"*`).join(' AND ') : null
}

function rowOf(row: Row): HistoryRow {
  return {
    number: Number(row.number), id: String(row.id), startedAt: String(row.started_at), script: String(row.script), caseName: row.case_name === null ? null : String(row.case_name), profile: String(row.profile),
    outcome: String(row.outcome) as HistoryRow['outcome'], cause: String(row.cause), limitId: row.limit_id === null ? null : String(row.limit_id), limitValue: row.limit_value === null ? null : Number(row.limit_value), headline: String(row.headline),
    elapsedMs: Number(row.elapsed_ms), logLines: Number(row.log_lines), pinned: row.pinned === 1, bytes: Number(row.bytes),
  }
}

function inflated(value: SQLOutputValue | undefined): string {
  if (!(value instanceof Uint8Array)) throw new Error('a run in the history has no data')
  return inflateRawSync(value).toString('utf8')
}
