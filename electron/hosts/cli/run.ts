import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { exactOutputOf, printedRecord } from '../../../shared/run/exact-json.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'
import type { RunRecord, SavedRun } from '../../../shared/run/record.ts'
import type { EndedRun } from '../../engine/execute-run.ts'
import { createEngine, type Engine } from '../../engine.ts'
import { savedLinesOf } from '../../log/saved-lines.ts'
import { paintFor } from './colors.ts'
import { planOfArguments, type RunArguments } from './plan-args.ts'
import { machineOf, planText, warnBefore } from './plan-text.ts'
import { print, progress, tellNotKept } from './print.ts'
import { runText } from './run-text.ts'
import { saidIn } from './said.ts'
import { stopOnSignal, type StopSignal } from './stop-signal.ts'
import { summaryOf } from './summary.ts'
import { summaryText } from './summary-text.ts'
import { exitCodes, UsageError } from './usage-error.ts'
import { version } from './version.ts'
import { whyNotWritten, writeResult } from './write-result.ts'

export interface RunOptions extends RunArguments { repeat?: string; concurrency?: string; save?: string; withSecrets?: boolean; dryRun?: boolean; json?: boolean }

/** `cutoff run`: the whole flow once or n times. Sets the exit code; throws UsageError when nothing was run. */
export async function runCommand(script: string, options: RunOptions): Promise<void> {
  const stop = stopOnSignal()
  try {
    await planAndRun(script, options, stop)
  } finally {
    stop.release()
  }
}

async function planAndRun(script: string, options: RunOptions, stop: StopSignal): Promise<void> {
  const repeat = countOf('--repeat', options.repeat)
  const concurrency = countOf('--concurrency', options.concurrency)
  if (options.save !== undefined) await checkSavePlace(options.save)
  const plan = await planOfArguments(script, options)
  const fromLimit = plan.limits.find((limit) => limit.id === 'connector.concurrency')
  if (concurrency !== null && !fromLimit) plan.limits.push({ id: 'connector.concurrency', value: concurrency, unit: 'count', origin: 'this run', enforced: true })
  const machine = await machineOf(plan)
  if (options.dryRun) { await print(planText(plan, machine, options.json === true)); return }
  warnBefore(plan, machine, options.json === true)
  const engine = await createEngine({ history: 'on', version: await version(), onNotKept: tellNotKept() })
  try {
    if (repeat === null) await once(engine, plan, options, stop)
    else await many(engine, plan, { repeat, atOnce: concurrency === null ? 1 : fromLimit ? concurrency : repeat }, options, stop)
  } finally {
    await engine.close()
  }
}

async function once(engine: Engine, plan: RunPlan, options: RunOptions, stop: StopSignal): Promise<void> {
  const ended = await runOnce(engine, plan, stop)
  const { record, events, log } = ended
  if (options.json) await print(`${printedRecord(record)}\n`)
  else await print(runText(record, { width: process.stdout.columns ?? 100, paint: paintFor(process.stdout), said: await saidIn(events, log) }))
  const isSaved = await save(ended, options)
  process.exitCode = stop.asked ? 130 : isSaved ? exitCodes[record.outcome] : exitCodes.internal
}

async function many(engine: Engine, plan: RunPlan, times: { repeat: number; atOnce: number }, options: RunOptions, stop: StopSignal): Promise<void> {
  const records: RunRecord[] = []
  let started = 0
  let isSaved = true
  const worker = async () => {
    while (started < times.repeat && !stop.asked) {
      const number = ++started
      progress(`run ${number} of ${times.repeat}`)
      const ended = await runOnce(engine, plan, stop)
      records[number - 1] = ended.record
      // Now: the engine closes the log of a run once many newer ones have come.
      if (number === 1) isSaved = await save(ended, options)
    }
  }
  await Promise.all(Array.from({ length: Math.min(times.atOnce, times.repeat) }, worker))
  progress('')
  const runs = summaryOf(records.filter((record) => record !== undefined))
  if (options.json) await print(`${JSON.stringify({ ...runs, runs: runs.runs.map((record) => ({ ...record, output: exactOutputOf(record) })) })}\n`)
  else await print(summaryText(runs, paintFor(process.stdout)))
  const outcomes = new Set(runs.runs.map((run) => run.outcome))
  process.exitCode = stop.asked ? 130 : !isSaved ? exitCodes.internal : outcomes.has('cut') ? exitCodes.cut : outcomes.has('failed') ? exitCodes.failed : exitCodes.completed
}

async function runOnce(engine: Engine, plan: RunPlan, stop: StopSignal): Promise<EndedRun> {
  const handle = await engine.startRun(plan)
  stop.follow(handle)
  return handle.done
}

/** `--save`. A run that has taken place is not lost for it: where the file cannot be written that is told, and false returned. */
async function save({ record, events, log }: EndedRun, { save: file, withSecrets }: RunOptions): Promise<boolean> {
  if (file === undefined) return true
  const [{ exportRun }, { jsonExporter }] = await Promise.all([import('../../../shared/export/index.ts'), import('../../../shared/export/json.ts')])
  const saved: SavedRun = { schema: 'cutoff.saved-run/1', eventFormat: 1, record, events, ...await savedLinesOf(log) }
  try {
    await writeResult(file, exportRun(saved, jsonExporter, { exportedAt: new Date().toISOString(), version: await version(), withSecrets: withSecrets === true }))
    return true
  } catch (error) {
    process.stderr.write(`cutoff: the run could not be saved: ${whyNotWritten(error as NodeJS.ErrnoException)} (${file})\n  unless told otherwise it is in the history: cutoff export ${record.id} --format json --output FILE\n`)
    return false
  }
}

function countOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 10_000) throw new UsageError('bad_value', `${option} takes a whole number from 1 to 10000, not "${text}"`, { where: option })
  return count
}

/** A run takes its time: a file that cannot be written is told before. */
async function checkSavePlace(path: string): Promise<void> {
  const [folder, there] = await Promise.all([access(dirname(resolve(path)), constants.W_OK).then(() => null, (error: NodeJS.ErrnoException) => error), stat(path).catch(() => null)])
  if (folder) throw new UsageError('save_failed', `the run cannot be saved there: ${folder.code === 'ENOENT' ? 'no such folder' : folder.message}`, { where: path })
  if (there?.isDirectory()) throw new UsageError('save_failed', 'the run cannot be saved there: that is a folder', { where: path, hint: 'name a file in it' })
}
