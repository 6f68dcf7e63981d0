import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportedRun } from '../../shared/bridge/contract.ts'
import { exporterOf, exporters, exportNameOf, exportRun } from '../../shared/export/index.ts'
import { parseSavedRun } from '../../shared/export/import-run.ts'
import { eventFormatVersion } from '../../shared/run/event.ts'
import type { KeptRun } from '../../shared/run/history.ts'
import type { SavedRun } from '../../shared/run/record.ts'
import { logOfSavedRun, savedLinesOf } from '../log/saved-lines.ts'
import { temporaryName } from '../leftovers.ts'
import type { History } from '../history/history.ts'

/** A failure meant for people, with what to do. */
class KeptRunError extends Error {
  readonly code: string
  readonly hint: string | null
  readonly where: string | null
  constructor(code: string, message: string, hint: string | null, where: string | null = null) {
    super(message)
    this.code = code
    this.hint = hint
    this.where = where
  }
}

/** A kept run with its log, as a colleague would get it. Rejects where there is none. */
export async function savedRunOf(history: History, id: string): Promise<SavedRun> {
  const kept = await history.get(id)
  if (!kept) throw new KeptRunError('unknown_run', `no kept run ${id}`, 'the list of kept runs shows what there is')
  const log = await history.openLog(id)
  try {
    const lines = log ? await savedLinesOf(log) : { log: [] }
    return { schema: 'cutoff.saved-run/1', eventFormat: kept.eventFormat, record: kept.record, events: kept.events, ...lines }
  } finally {
    await log?.close()
  }
}

/** A kept run in one of the formats, with a name for its file. */
export async function exportKeptRun(history: History, id: string, format: string, options: { withSecrets: boolean; version: string }): Promise<ExportedRun> {
  const exporter = exporterOf(format)
  if (!exporter) throw new KeptRunError('unknown_format', `unknown format: ${format}`, `known are ${exporters.map((known) => known.id).join(', ')}`)
  const run = await savedRunOf(history, id)
  return { fileName: exportNameOf(run, exporter), mediaType: exporter.mediaType, text: exportRun(run, exporter, { exportedAt: new Date().toISOString(), ...options }) }
}

/** Takes a saved run into the history. Rejects with where and why it is not one. */
export async function importSavedRun(history: History, text: string): Promise<KeptRun> {
  const parsed = parseSavedRun(text)
  if (!parsed.ok) throw new KeptRunError('bad_saved_run', parsed.problem, parsed.hint, parsed.where)
  const { record, events } = parsed.run
  // One that was removed a moment ago comes back as what it was.
  await history.restore([record.id])
  const there = await history.get(record.id)
  if (there) throw new KeptRunError('already_kept', `this run is in the history already, as run ${there.number}`, null, record.id)
  const folder = await mkdtemp(join(tmpdir(), temporaryName('import')))
  const store = await logOfSavedRun(join(folder, 'log'), parsed.run)
  try {
    const added = await history.add({ record, events }, store)
    if (!added.kept) throw new KeptRunError('not_kept', added.problem, null)
    const kept = await history.get(record.id)
    if (!kept) throw new KeptRunError('not_kept', 'the run was imported and could not be read back', null)
    return { ...kept, eventFormat: eventFormatVersion }
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}
