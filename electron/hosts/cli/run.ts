import { constants } from 'node:fs'
import { access, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { exactOutputOf, printedRecord } from '../../../shared/run/exact-json.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'
import { explainOrder } from '../../../shared/flow/explain-plan.ts'
import { lintPlan, type Lint, type Machine } from '../../../shared/flow/lints/index.ts'
import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { RunRecord, SavedRun } from '../../../shared/run/record.ts'
import type { EndedRun } from '../../engine/execute-run.ts'
import { createEngine, type Engine, type RunHandle } from '../../engine.ts'
import { proxiesNotInstalled } from '../../flow/proxy/program.ts'
import { savedLinesOf } from '../../log/saved-lines.ts'
import { missingPowers } from '../../system/missing-powers.ts'
import { paintFor } from './colors.ts'
import { planOfArguments, type RunArguments } from './plan-args.ts'
import { runText } from './run-text.ts'
import { saidIn } from './said.ts'
import { summaryOf } from './summary.ts'
import { summaryText } from './summary-text.ts'
import { exitCodes, UsageError } from './usage-error.ts'
import { version } from './version.ts'

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
  const engine = await createEngine({ history: 'on', version: await version() })
  try {
    if (repeat === null) await once(engine, plan, options, stop)
    else await many(engine, plan, { repeat, atOnce: concurrency === null ? 1 : fromLimit ? concurrency : repeat }, options, stop)
  } finally {
    await engine.close()
  }
}

async function once(engine: Engine, plan: RunPlan, options: RunOptions, stop: StopSignal): Promise<void> {
  const { record, events, log } = await runOnce(engine, plan, options, stop)
  if (options.json) await print(`${printedRecord(record)}\n`)
  else await print(runText(record, { width: process.stdout.columns ?? 100, paint: paintFor(process.stdout), said: await saidIn(events, log) }))
  process.exitCode = stop.asked ? 130 : exitCodes[record.outcome]
}

async function many(engine: Engine, plan: RunPlan, times: { repeat: number; atOnce: number }, options: RunOptions, stop: StopSignal): Promise<void> {
  const records: RunRecord[] = []
  let started = 0
  const worker = async () => {
    while (started < times.repeat && !stop.asked) {
      const number = ++started
      progress(`run ${number} of ${times.repeat}`)
      records[number - 1] = (await runOnce(engine, plan, number === 1 ? options : {}, stop)).record
    }
  }
  await Promise.all(Array.from({ length: Math.min(times.atOnce, times.repeat) }, worker))
  progress('')
  const runs = summaryOf(records.filter((record) => record !== undefined))
  if (options.json) await print(`${JSON.stringify({ ...runs, runs: runs.runs.map((record) => ({ ...record, output: exactOutputOf(record) })) })}\n`)
  else await print(summaryText(runs, paintFor(process.stdout)))
  const outcomes = new Set(runs.runs.map((run) => run.outcome))
  process.exitCode = stop.asked ? 130 : outcomes.has('cut') ? exitCodes.cut : outcomes.has('failed') ? exitCodes.failed : exitCodes.completed
}

async function runOnce(engine: Engine, plan: RunPlan, { save, withSecrets }: Pick<RunOptions, 'save' | 'withSecrets'>, stop: StopSignal): Promise<EndedRun> {
  const handle = await engine.startRun(plan)
  stop.follow(handle)
  const ended = await handle.done
  if (save !== undefined) {
    const [{ exportRun }, { jsonExporter }] = await Promise.all([import('../../../shared/export/index.ts'), import('../../../shared/export/json.ts')])
    const saved: SavedRun = { schema: 'cutoff.saved-run/1', eventFormat: 1, record: ended.record, events: ended.events, ...await savedLinesOf(ended.log) }
    await writeFile(save, exportRun(saved, jsonExporter, { exportedAt: new Date().toISOString(), version: await version(), withSecrets: withSecrets === true })).catch((error: NodeJS.ErrnoException) => { throw new UsageError('save_failed', `the run could not be saved: ${error.message}`, { where: save }) })
  }
  return ended
}

interface StopSignal { asked: boolean; follow(handle: RunHandle): void; release(): void }

/** Ctrl+C is the user's Stop: the client leaves, and the verdict is still printed. A second one ends at once. */
function stopOnSignal(): StopSignal {
  let current: RunHandle | null = null
  const state: StopSignal = { asked: false, follow(handle) {
    current = handle
    if (state.asked) handle.stop()
  }, release: () => { process.off('SIGINT', onSignal); process.off('SIGTERM', onSignal) } }
  const onSignal = () => {
    if (state.asked) process.exit(130)
    state.asked = true
    current?.stop()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return state
}

/** What this machine lacks of what the plan asks for. */
async function machineOf(plan: RunPlan): Promise<Machine> {
  return { missing: await missingPowers(), notInstalled: proxiesNotInstalled(plan.proxies) }
}

/**
 * What is known before the run: what follows from the limits that were set for it. What holds of the profile at every run is only
 * counted. With `--json` only what makes the plan different from what was meant.
 */
function warnBefore(plan: RunPlan, machine: Machine, quiet: boolean): void {
  const lints = lintPlan(plan, machine)
  const changed = new Set(plan.limits.filter((limit) => limit.origin === 'this run').map((limit) => limit.id))
  const isNews = (lint: Lint): boolean => (quiet ? /^(?:not-in-flow|not-held|cannot-here|never-acts):/.test(lint.id) : lint.severity === 'warning' && (lint.limitIds.length === 0 || lint.limitIds.some((id) => changed.has(id))))
  const told = lints.filter(isNews)
  if (!quiet) process.stderr.write(`${explainOrder(plan)}\n`)
  for (const lint of told) process.stderr.write(`warning: ${lint.title} ${lint.text}\n`)
  const more = lints.length - told.length
  if (!quiet && more > 0) process.stderr.write(`${more} more ${more === 1 ? 'remark' : 'remarks'} on the limits of ${plan.profile}: --dry-run tells.\n`)
}

/** `--dry-run`: the order of firing and the lints, without running anything. */
function planText(plan: RunPlan, machine: Machine, json: boolean): string {
  const { deadlines } = planFlow(plan)
  const lints = lintPlan(plan, machine)
  if (json) return `${JSON.stringify({ schema: 'cutoff.plan/1', plan, order: deadlines, summary: explainOrder(plan), lints })}\n`
  const effects = { cuts: '', late: '  shows only when the script ends', no_effect: '  no effect on a slow script' }
  return `${[explainOrder(plan), '', ...deadlines.map((deadline, index) => `${String(index + 1).padStart(3)}  ${deadline.limitId.padEnd(22)} ${formatMs(deadline.atMs).padStart(9)}${effects[deadline.effect]}`), '',
    ...lints.map((lint) => `${lint.severity}: ${lint.title} ${lint.text}${lint.fix ? ` (${lint.fix.label})` : ''}`)].join('\n')}\n`
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

/** On a terminal only, on one line that is wiped at the end. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** Waits until a pipe has taken all of it: a large record must not be cut by our own exit. */
async function print(text: string): Promise<void> {
  await new Promise<void>((resolve) => { process.stdout.write(text, () => resolve()) })
}
