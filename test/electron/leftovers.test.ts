import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFileSafely } from '../../electron/files.ts'
import { isLeftBehind, ownMark, removeLeftovers, temporaryFolders, temporaryName } from '../../electron/leftovers.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-leftovers-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const gone = spawnSync(process.execPath, ['-e', '']).pid
const markOf = (pid: number) => ownMark.replace(/^\d+/, String(pid))

test('temporary folders of killed processes go, with what is in them; those of others and foreign names stay', async () => {
  const stays = [`cutoff-${markOf(process.pid)}-work-a`, `cutoff-${markOf(process.ppid)}-work-b`, `cutoff-${gone}_1-work-c`, 'cutoff-notes', `other-${markOf(gone)}-x`]
  for (const name of [...stays, `cutoff-${markOf(gone)}-work-d`, `cutoff-${markOf(gone)}-nginx-e`]) {
    mkdirSync(join(folder, name, 'run'), { recursive: true })
    writeFileSync(join(folder, name, 'run', 'log'), 'text')
  }
  await removeLeftovers(folder, temporaryFolders)
  expect(readdirSync(folder).toSorted()).toEqual(stays.toSorted())
})

test('a name of our own is recognised as such', () => {
  expect(`${temporaryName('work')}Ab3xYz`).toMatch(temporaryFolders)
  expect(isLeftBehind(`${temporaryName('work')}Ab3xYz`)).toBe(false)
  expect(isLeftBehind(`${temporaryName('work').replace(String(process.pid), String(gone))}Ab3xYz`)).toBe(true)
})

test('a folder that is not there is nothing to tidy', async () => {
  await removeLeftovers(join(folder, 'nowhere'), temporaryFolders)
})

test('the file that a killed save left goes with the next save; a save under way keeps its own', async () => {
  const left = `.script.py.${markOf(gone)}.0a1b2c3d4e5f.tmp`
  const underWay = `.script.py.${markOf(process.ppid)}.0a1b2c3d4e5f.tmp`
  for (const name of [left, underWay, '.other.tmp']) writeFileSync(join(folder, name), 'half')
  await writeFileSafely(join(folder, 'script.py'), 'whole')
  expect(readdirSync(folder).toSorted()).toEqual(['.other.tmp', underWay, 'script.py'].toSorted())
  expect(readFileSync(join(folder, 'script.py'), 'utf8')).toBe('whole')
})
