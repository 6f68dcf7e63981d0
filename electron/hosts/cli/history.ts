import { dataFolder } from '../../data-folder.ts'
import { openHistory, type History } from '../../history/history.ts'
import { printedRecord } from '../../../shared/run/exact-json.ts'
import type { RunRecord } from '../../../shared/run/record.ts'
import { explainLimit } from '../../../shared/limits/catalog.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { paintFor } from './colors.ts'
import { plainText } from '../../../shared/text/plain-text.ts'
import { runText } from './run-text.ts'
import { saidIn, type Said } from './said.ts'
import { namesFile, printedRowsOf, readSavedFile } from './saved-file.ts'
import { UsageError } from './usage-error.ts'

/** Opens the history, does something with it, closes it. */
export async function withHistory<T>(use: (history: History) => Promise<T>): Promise<T> {
  const history = await openHistory({ dir: dataFolder() })
  try {
    if (!history.state.on) throw new UsageError('history_off', `there is no history: ${history.state.reason}`, { hint: 'CUTOFF_DATA_DIR names the folder it lives in' })
    if (history.state.notice) process.stderr.write(`note: ${history.state.notice}\n`)
    return await use(history)
  } finally {
    await history.close()
  }
}

/** `cutoff history`: the kept runs, newest first. */
export async function historyCommand(options: { search?: string; limit: string; json?: boolean }): Promise<number> {
  const count = /^\d{1,9}$/.test(options.limit) ? Number(options.limit) : 0
  if (count < 1) throw new UsageError('bad_value', `--limit takes a whole number, not "${options.limit}"`, { where: '--limit' })
  const page = await withHistory((history) => history.list({ count, ...(options.search === undefined ? {} : { search: options.search }) }))
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ schema: 'cutoff.history/1', ...page })}\n`)
    return 0
  }
  const paint = paintFor(process.stdout)
  const rows = page.runs.map((run) => [`${run.pinned ? '*' : ' '}${run.number}`, run.id, run.startedAt.slice(0, 19).replace('T', ' '), run.outcome, run.limitId === run.cause ? explainLimit(run.cause, run.limitValue) : run.cause, formatMs(run.elapsedMs), run.caseName === null ? run.script : `${run.script}, ${run.caseName}`])
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  const none = page.kept.runs === 0 ? 'No runs are kept.' : `None of the ${page.kept.runs} kept runs mentions ${options.search}.`
  process.stdout.write(plainText(rows.length === 0 ? `${none}\n` : `${lines.join('\n')}\n`))
  if (rows.length > 0) process.stdout.write(`${paint.dim(`${page.total} of ${page.kept.runs} kept runs`)}\n`)
  return 0
}

/** `cutoff show ID`: a kept run (by id or number) or one from a file, as `run` printed it. */
export async function showCommand(id: string, options: { json?: boolean }): Promise<number> {
  const { record, said } = namesFile(id) ? await shownFile(id) : await withHistory(async (history) => {
    const kept = await keptRun(history, id)
    const log = options.json ? null : await history.openLog(kept.record.id)
    try {
      return { record: kept.record, said: await saidIn(kept.events, log) }
    } finally {
      await log?.close()
    }
  })
  process.stdout.write(options.json ? `${printedRecord(record)}\n` : runText(record, { width: process.stdout.columns ?? 100, paint: paintFor(process.stdout), said }))
  return 0
}

async function shownFile(file: string): Promise<{ record: RunRecord; said: Said }> {
  const run = await readSavedFile(file)
  return { record: run.record, said: await saidIn(run.events, printedRowsOf(run)) }
}

/** A run by its id or by the number people call it by. Throws UsageError where there is none. */
export async function keptRun(history: History, idOrNumber: string): Promise<NonNullable<Awaited<ReturnType<History['get']>>>> {
  const number = /^\d{1,9}$/.test(idOrNumber) ? Number(idOrNumber) : null
  const byNumber = number === null ? undefined : (await history.list({ before: number + 1, count: 1 })).runs.find((run) => run.number === number)
  const run = await history.get(byNumber?.id ?? idOrNumber)
  if (!run) throw new UsageError('unknown_run', `no kept run ${idOrNumber}`, { where: idOrNumber, hint: 'cutoff history lists them' })
  return run
}
