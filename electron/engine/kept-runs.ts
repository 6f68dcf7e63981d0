import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportedRun } from '../../shared/bridge/contract.ts'
import { eventFormatVersion } from '../../shared/run/event.ts'
import type { KeptRun } from '../../shared/run/history.ts'
import { openLogStore } from '../log/log-store.ts'
import { temporaryName } from '../leftovers.ts'
import type { History } from '../history/history.ts'
import { doRunFile, type ExportJob, type ImportJob } from './run-files.ts'
import { onRunFileThread } from './run-file-thread.ts'
import { RunFileError } from './run-file-error.ts'

/** Up to here a run is written or read sooner than a thread for it would be there (lines and events; characters). */
const fewLines = 10_000
const shortText = 1024 ** 2

/** A kept run in one of the formats, with a name for its file. Rejects with `RunFileError` where there is no such run or format. */
export async function exportKeptRun(history: History, id: string, format: string, options: { withSecrets: boolean; version: string }): Promise<ExportedRun> {
  const run = await history.get(id)
  if (!run) throw new RunFileError({ code: 'unknown_run', message: `no kept run ${id}`, hint: 'the list of kept runs shows what there is', where: null })
  const log = await history.openLog(id)
  await log?.close()
  const job: ExportJob = { kind: 'export', run, logDir: log?.dir ?? null, format, options: { ...options, exportedAt: new Date().toISOString() } }
  return (log?.lineCount ?? 0) + run.events.length < fewLines ? doRunFile(job) : onRunFileThread(job)
}

/** Takes a saved run into the history, from its text or from a file. Rejects with where and why it is not one. */
export async function importSavedRun(history: History, from: { text: string } | { path: string }): Promise<KeptRun> {
  const folder = await mkdtemp(join(tmpdir(), temporaryName('import')))
  try {
    const logDir = join(folder, 'log')
    const job: ImportJob = { kind: 'import', text: null, path: null, ...from, logDir }
    const isShort = 'text' in from ? from.text.length < shortText : await stat(from.path).then(({ size }) => size < shortText, () => true)
    const { record, events } = await (isShort ? doRunFile(job) : onRunFileThread(job))
    // One that was removed a moment ago comes back as what it was.
    await history.restore([record.id])
    const there = await history.get(record.id)
    if (there) throw new RunFileError({ code: 'already_kept', message: `this run is in the history already, as run ${there.number}`, hint: null, where: record.id })
    const store = await openLogStore(logDir)
    try {
      const added = await history.add({ record, events }, store)
      if (!added.kept) throw new RunFileError({ code: 'not_kept', message: added.problem, hint: null, where: null })
    } finally {
      await store.close()
    }
    const kept = await history.get(record.id)
    if (!kept) throw new RunFileError({ code: 'not_kept', message: 'the run was imported and could not be read back', hint: null, where: null })
    return { ...kept, eventFormat: eventFormatVersion }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
