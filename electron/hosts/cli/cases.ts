import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readCasesFile, writeCasesFile, type CaseInFile } from '../../../shared/cases/cases-file.ts'
import { faultOfCase, judgeCase, type CaseResult } from '../../../shared/cases/judge-case.ts'
import { exactOutputOf, inputFieldsOf } from '../../../shared/run/exact-json.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'
import type { RunRecord } from '../../../shared/run/record.ts'
import { counted } from '../../../shared/text/counted.ts'
import { plainText } from '../../../shared/text/plain-text.ts'
import { createCases } from '../../cases.ts'
import { dataFolder } from '../../data-folder.ts'
import { createEngine, type Engine } from '../../engine.ts'
import { caseText, casesSentence } from './cases-text.ts'
import { paintFor } from './colors.ts'
import { machineOf, warnBefore } from './plan-text.ts'
import { planOfArguments, type RunArguments } from './plan-args.ts'
import { print, progress, tellNotKept } from './print.ts'
import { stopOnSignal, type StopSignal } from './stop-signal.ts'
import { exitCodes, UsageError } from './usage-error.ts'
import { version } from './version.ts'
import { whyNotWritten, writeResult } from './write-result.ts'

export interface CasesOptions extends Omit<RunArguments, 'input'> { case?: string[]; file?: string; export?: string; json?: boolean }

/** A case that was run, or could not be: `record` is null then. */
export interface CaseDone extends Pick<CaseResult, 'differences' | 'problem'> { name: string; state: 'passed' | 'failed'; record: RunRecord | null }

/**
 * `cutoff cases`: runs the cases of a script one after the other, each through the whole flow, and holds what it returned against what is
 * expected. Exit code 0 when all passed, 3 when one was cut, else 1. Throws UsageError when nothing was run.
 */
export async function casesCommand(script: string, options: CasesOptions): Promise<void> {
  const plan = await planOfArguments(script, { ...options, stacks: options.stacks ?? 'off' })
  const cases = chosen(await casesOf(plan, options.file), options.case)
  if (options.export !== undefined) { await exportCases(cases, options.export); return }
  warnBefore(plan, await machineOf(plan), options.json === true)
  const stop = stopOnSignal()
  try {
    await runAll(cases, plan, options.json === true, stop)
  } finally {
    stop.release()
  }
}

async function runAll(cases: readonly CaseInFile[], plan: RunPlan, json: boolean, stop: StopSignal): Promise<void> {
  const engine = await createEngine({ history: 'on', version: await version(), onNotKept: tellNotKept() })
  const paint = paintFor(process.stdout)
  const done: CaseDone[] = []
  try {
    for (const item of cases) {
      if (stop.asked) break
      progress(`case ${done.length + 1} of ${cases.length}: ${plainText(item.name)}`)
      const result = await runCase(engine, item, plan, stop)
      done.push(result)
      progress('')
      if (!json) await print(caseText(result, paint))
    }
  } finally {
    await engine.close()
  }
  const passed = done.filter(({ state }) => state === 'passed').length
  if (json) await print(`${JSON.stringify({ schema: 'cutoff.cases/1', script: plan.script.path, wanted: cases.length, passed, cases: done.map(printed) })}\n`)
  else await print(casesSentence({ wanted: cases.length, done: done.length, passed }, paint))
  process.exitCode = stop.asked ? 130 : done.some(({ record }) => record?.outcome === 'cut') ? exitCodes.cut : passed < cases.length ? exitCodes.failed : exitCodes.completed
}

async function runCase(engine: Engine, item: CaseInFile, plan: RunPlan, stop: StopSignal): Promise<CaseDone> {
  const problem = faultOfCase(item)
  if (problem !== null) return { name: item.name, state: 'failed', differences: [], problem, record: null }
  const handle = await engine.startRun({ ...plan, ...inputFieldsOf(item.inputText), case: item.name })
  stop.follow(handle)
  const { record } = await handle.done
  const { state, differences, problem: why } = judgeCase(item.expectedText, { completed: record.outcome === 'completed', headline: record.verdict.headline, output: exactOutputOf(record), rounded: record.outputText === null })
  return { name: item.name, state: state === 'passed' ? 'passed' : 'failed', differences, problem: why, record }
}

/** With the script's own numbers. */
function printed({ record, ...told }: CaseDone) {
  return { ...told, run: record && { ...record, output: exactOutputOf(record) } }
}

/** The cases that the screen keeps for this script, or those of a file. */
async function casesOf({ script }: RunPlan, file: string | undefined): Promise<CaseInFile[]> {
  if (file === undefined) {
    const kept = await createCases(dataFolder()).load(script.path ?? script.name).catch((error: Error) => { throw new UsageError('cases_unreadable', error.message) })
    if (kept.length === 0) throw new UsageError('no_cases', `no cases are kept for ${script.path ?? script.name}`, { hint: 'add some on the screen, under Cases, or name a file of cases: --file cases.json' })
    return kept
  }
  const path = resolve(file)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => { throw new UsageError('cases_unreadable', `the cases cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}`, { where: path }) })
  const read = readCasesFile(text)
  if (!read.ok) throw new UsageError('bad_cases', `this is no file of cases: ${read.problem}`, { where: [path, read.where].filter((part) => part !== '').join(': '), hint: read.hint })
  if (read.cases.length === 0) throw new UsageError('no_cases', 'the file holds no cases', { where: path })
  return read.cases
}

function chosen(cases: readonly CaseInFile[], names: readonly string[] | undefined): readonly CaseInFile[] {
  const unknown = names?.find((name) => cases.every((item) => item.name !== name))
  if (unknown !== undefined) throw new UsageError('unknown_case', `no case is called ${JSON.stringify(unknown)}`, { where: '--case', hint: `there are ${cases.map(({ name }) => name).join(', ')}` })
  return names ? cases.filter(({ name }) => names.includes(name)) : cases
}

/** `-`: to stdout. */
async function exportCases(cases: readonly CaseInFile[], file: string): Promise<void> {
  const { text, unfit } = writeCasesFile(cases)
  if (text === null) throw new UsageError('bad_cases', `the case ${JSON.stringify(unfit)} is no JSON as it stands and cannot go into a file`, { hint: 'mend its input or what it expects on the screen, or choose others with --case' })
  if (file === '-') { await print(text); return }
  const path = resolve(file)
  await writeResult(path, text).catch((error: NodeJS.ErrnoException) => { throw new UsageError('output_failed', `the cases could not be written: ${whyNotWritten(error)}`, { where: path, hint: 'name a file in a folder that is there and that you may write to' }) })
  process.stderr.write(`${counted(cases.length, 'case')} written to ${path}\n`)
}
