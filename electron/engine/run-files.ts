import { readFile, stat } from 'node:fs/promises'
import type { ExportedRun } from '../../shared/bridge/contract.ts'
import { exporterOf, exporters, exportNameOf, exportRun } from '../../shared/export/index.ts'
import { parseSavedRun } from '../../shared/export/import-run.ts'
import type { KeptRun } from '../../shared/run/history.ts'
import type { RunRecord, SavedRun } from '../../shared/run/record.ts'
import type { RunEvent } from '../../shared/run/event.ts'
import { openLogStore } from '../log/log-store.ts'
import { logOfSavedRun, savedLinesOf } from '../log/saved-lines.ts'
import { RunFileError } from './run-file-error.ts'

/** A run on its way out: what the history has of it, and the folder of its log (null when none was kept). */
export interface ExportJob { kind: 'export'; run: Pick<KeptRun, 'record' | 'events' | 'eventFormat'>; logDir: string | null; format: string; options: { withSecrets: boolean; version: string; exportedAt: string } }
/** A run on its way in: its text, or the file that holds it, and a folder that is not there yet, for its log. */
export interface ImportJob { kind: 'import'; text: string | null; path: string | null; logDir: string }
export type RunFileJob = ExportJob | ImportJob
export interface RunFileAnswers { export: ExportedRun; import: { record: RunRecord; events: RunEvent[] } }

/** Writes a run in a format, or reads one. A long log makes either take seconds. Throws `RunFileError`. */
export async function doRunFile<J extends RunFileJob>(job: J): Promise<RunFileAnswers[J['kind']]> {
  return await (job.kind === 'export' ? writeRun(job) : readRun(job)) as RunFileAnswers[J['kind']]
}

async function writeRun({ run, logDir, format, options }: ExportJob): Promise<ExportedRun> {
  const exporter = exporterOf(format)
  if (!exporter) throw new RunFileError({ code: 'unknown_format', message: `unknown format: ${format}`, hint: `known are ${exporters.map((known) => known.id).join(', ')}`, where: null })
  const saved = await savedRun(run, logDir)
  return { fileName: exportNameOf(saved, exporter), mediaType: exporter.mediaType, text: exportRun(saved, exporter, options) }
}

/** A kept run with its log, as a colleague would get it. */
async function savedRun({ record, events, eventFormat }: ExportJob['run'], logDir: string | null): Promise<SavedRun> {
  const log = logDir === null ? null : await openLogStore(logDir)
  try {
    const lines = log ? await savedLinesOf(log) : { log: [] }
    return { schema: 'cutoff.saved-run/1', eventFormat, record, events, ...lines }
  } finally {
    await log?.close()
  }
}

/** A saved run is far smaller; a string of JavaScript could not hold much more. */
const mostBytes = 400 * 1024 ** 2

async function readRun({ text, path, logDir }: ImportJob): Promise<RunFileAnswers['import']> {
  const parsed = parseSavedRun(text ?? await textOf(path ?? ''))
  if (!parsed.ok) throw new RunFileError({ code: 'bad_saved_run', message: parsed.problem, hint: parsed.hint, where: parsed.where })
  const store = await logOfSavedRun(logDir, parsed.run)
  await store.close()
  return { record: parsed.run.record, events: parsed.run.events }
}

async function textOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) throw new RunFileError({ code: 'run_file_not_found', message: found ? 'this is not a file' : 'there is no such file', hint: null, where: path })
  if (found.size > mostBytes) throw new RunFileError({ code: 'run_file_too_large', message: `this file is too large for a run: ${Math.round(found.size / 1024 ** 2)} MB`, hint: 'a saved run holds at most 64 MB of log', where: path })
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => { throw new RunFileError({ code: 'run_file_unreadable', message: `the file cannot be read: ${error.message}`, hint: null, where: path }) })
}
