import type { DatabaseSync } from 'node:sqlite'

/**
 * The store's versions, one step each; `PRAGMA user_version` says how many a file has had. A released step never changes.
 * Times are text (ISO 8601), sizes bytes, `record` and `events` deflated JSON.
 */
export const steps: readonly string[] = [
  `CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    started_at TEXT NOT NULL,
    script TEXT NOT NULL,
    profile TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cause TEXT NOT NULL,
    limit_id TEXT,
    headline TEXT NOT NULL,
    elapsed_ms REAL NOT NULL,
    log_lines INTEGER NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL,
    -- When it was removed; it can be brought back until it is cleared away.
    removed_at TEXT,
    -- Short lower-case text in which a search finds any part of a word.
    words TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_removed ON runs (removed_at, number DESC, pinned, bytes);
  -- Apart from the list, which is read often and should stay small.
  CREATE TABLE run_data (
    number INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
    event_format INTEGER NOT NULL,
    record BLOB NOT NULL,
    events BLOB NOT NULL
  ) STRICT;
  -- Messages, evidence, beginning and end of what the script printed, to be found by the beginnings of words; the text itself is in events and log.
  CREATE VIRTUAL TABLE more_words USING fts5 (text, content = '', contentless_delete = 1, detail = none, prefix = '2 3');
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  // What the limit was set to stands in the words of a run as "client.total=500ms", on a line of its own; they end at 2000 characters, wherever that is.
  `ALTER TABLE runs ADD COLUMN limit_value REAL;
  UPDATE runs SET limit_value = CAST(substr(words, instr(words, char(10) || limit_id || '=') + length(limit_id) + 2) AS REAL)
    WHERE instr(words, char(10) || limit_id || '=') > 0 AND length(words) < 2000;`,
  'ALTER TABLE runs ADD COLUMN case_name TEXT;',
]

/** Thrown for a store of a later version: it is left as it is. */
export class FutureStoreError extends Error {}

/** Brings a store to the newest version, step by step, each step whole or not at all. Two processes may try at once. */
export function upgradeStore(db: DatabaseSync, path: string, newest: readonly string[] = steps): void {
  for (;;) {
    const version = versionOf(db)
    if (version === newest.length) return
    if (version > newest.length) {
      throw new FutureStoreError(`${path} was written by a newer Cutoff (version ${version}, this one knows ${newest.length}): update this one, or set CUTOFF_DATA_DIR to another folder`)
    }
    db.exec('BEGIN IMMEDIATE')
    try {
      // Another process may have made the step while this one waited for the lock.
      if (versionOf(db) === version) {
        db.exec(newest[version] ?? '')
        db.exec(`PRAGMA user_version = ${version + 1}`)
      }
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
}

export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}
