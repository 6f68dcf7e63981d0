import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseSavedRun } from '../../../shared/export/import-run.ts'
import type { SavedRun } from '../../../shared/run/record.ts'
import type { PrintedRows } from './said.ts'
import { UsageError } from './usage-error.ts'

/** A saved run is far smaller; a string of JavaScript could not hold much more. */
const mostBytes = 400 * 1024 ** 2

/** Does this name a file rather than a kept run? Ids and numbers have neither a dot nor a separator. */
export function namesFile(text: string): boolean {
  return /[./\\]/.test(text)
}

/** A run from a file: what `run --save` or `export --format json` wrote, perhaps by a colleague. Throws UsageError with where it is broken. */
export async function readSavedFile(argument: string): Promise<SavedRun> {
  const file = resolve(argument)
  const found = await stat(file).catch(() => null)
  if (!found) throw new UsageError('run_file_not_found', `no such file: ${argument}`, { where: file, hint: 'name a file written by "run --save", or the number of a kept run (cutoff history lists them)' })
  if (!found.isFile()) throw new UsageError('run_file_not_a_file', `this is not a file: ${argument}`, { where: file, hint: 'name a file written by "run --save"' })
  if (found.size > mostBytes) throw new UsageError('run_file_too_large', `this file is too large for a run: ${Math.round(found.size / 1024 ** 2)} MB`, { where: file, hint: 'a saved run holds at most 64 MB of log' })
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { throw new UsageError('run_file_unreadable', `the file cannot be read: ${error.message}`, { where: file }) })
  const parsed = parseSavedRun(text)
  if (!parsed.ok) throw new UsageError('bad_saved_run', parsed.problem, { where: parsed.where === null ? file : `${file}: ${parsed.where}`, hint: parsed.hint })
  return parsed.run
}

/** What it printed last, as far as the file tells who wrote a line. */
export function printedRowsOf(run: SavedRun): PrintedRows {
  const messages = new Set(run.events.flatMap((event) => (event.type === 'log' ? [event.line] : [])))
  return { lineCount: run.log.length, rows: (from, count) => Promise.resolve(run.log.slice(from, from + count).map((text, index) => ({ source: messages.has(from + index) ? 'cutoff' : 'stdout', text }))) }
}
