import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogStore, type LogStore } from '../../../electron/log/log-store.ts'
import type { SavedRun } from '../../../shared/run/record.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/runs')

/** A run that was really made, under another id. */
export function runOf(kind: 'cut' | 'failed' | 'completed', id: string): SavedRun {
  const saved = JSON.parse(readFileSync(join(fixtures, `${kind}.v1.json`), 'utf8')) as SavedRun
  return { ...saved, record: { ...saved.record, id } }
}

/** A log in a folder of its own that holds what a script printed. */
export async function logOf(dir: string, ...lines: string[]): Promise<LogStore> {
  const log = createLogStore({ dir })
  for (const line of lines) log.appendOutput('stdout', Buffer.from(`${line}\n`), 1)
  await log.end()
  return log
}
