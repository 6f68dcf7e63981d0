import { firingFor } from '../../../shared/diagnose/ladder.ts'
import { parseValue } from '../../../shared/limits/units.ts'
import { diagnosisText } from '../../diagnose/diagnosis-text.ts'
import { DiagnoseError, parseAround, runDiagnose } from '../../diagnose/run-diagnose.ts'
import { paintFor } from './colors.ts'
import { exitCodes, UsageError } from './usage-error.ts'

export interface DiagnoseOptions { saw?: string[]; around?: string; request?: string; duration?: string; json?: boolean }

/** `cutoff diagnose`: reads configurations and logs, prints the verdict. Exit 0 once there is an answer: the cut happened elsewhere. */
export async function diagnoseCommand(paths: string[], options: DiagnoseOptions): Promise<number> {
  const aroundMs = options.around === undefined ? null : parseAround(options.around)
  if (options.around !== undefined && aroundMs === null) throw new UsageError('bad_value', `--around takes a time, not "${options.around}"`, { where: '--around', hint: 'for example 2026-01-31T14:32:07Z' })
  const duration = options.duration === undefined ? null : parseValue(options.duration, 'time')
  if (duration !== null && !duration.ok) throw new UsageError('bad_value', `--duration: ${duration.problem}`, { where: '--duration', hint: duration.hint })
  const sawInput = options.saw?.includes('-') === true
  if (sawInput && paths.includes('-')) throw new UsageError('bad_value', 'standard input can be the files or what was seen, not both', { where: '--saw -', hint: 'put one of them into a file' })
  const streams = paths.includes('-') ? [{ file: 'standard input', stream: process.stdin as AsyncIterable<Buffer> }] : []
  const sawTexts = sawInput ? [{ file: 'standard input', text: await readStandardInput() }] : []
  const diagnosis = await runDiagnose({ paths: paths.filter((path) => path !== '-'), streams, saw: (options.saw ?? []).filter((path) => path !== '-'), sawTexts, aroundMs, request: options.request ?? null }).catch((error: unknown) => {
    throw error instanceof DiagnoseError ? new UsageError(error.code, error.message, { hint: error.hint, where: error.where }) : error
  })
  const durationMs = duration?.ok ? duration.value : null
  const text = options.json ? `${JSON.stringify(durationMs === null ? diagnosis : { ...diagnosis, firing: firingFor(diagnosis.limits, durationMs).map((rung) => ({ limit: rung.index, atMs: rung.atMs })) })}\n` : diagnosisText(diagnosis, paintFor(process.stdout), durationMs)
  await new Promise<void>((resolve) => { process.stdout.write(text, () => resolve()) })
  return exitCodes.completed
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
