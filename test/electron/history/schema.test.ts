import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { upgradeStore, versionOf } from '../../../electron/history/schema.ts'

let folder: string
let db: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-schema-'))
  db = new DatabaseSync(join(folder, 'a.db'))
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const first = 'CREATE TABLE a (x); INSERT INTO a VALUES (1)'
const second = 'CREATE TABLE b (x); INSERT INTO b SELECT x + 1 FROM a'

test('every step is made once, in order, from whatever version', () => {
  upgradeStore(db, 'a.db', [first])
  upgradeStore(db, 'a.db', [first, second])
  upgradeStore(db, 'a.db', [first, second])
  expect(versionOf(db)).toBe(2)
  expect(db.prepare('SELECT x FROM b').all().map((row) => row.x)).toEqual([2])
})

test('a step that fails leaves the version before it', () => {
  expect(() => upgradeStore(db, 'a.db', [first, `${second}; INSERT INTO nowhere VALUES (1)`])).toThrow(/no such table: nowhere/)
  expect(versionOf(db)).toBe(1)
  expect(() => db.prepare('SELECT * FROM b')).toThrow(/no such table/)
  upgradeStore(db, 'a.db', [first, second])
  expect(versionOf(db)).toBe(2)
})

test('a later version is refused by name', () => {
  upgradeStore(db, 'a.db', [first, second])
  expect(() => upgradeStore(db, 'a.db', [first])).toThrow(/a\.db was written by a newer Cutoff \(version 2, this one knows 1\)/)
})
