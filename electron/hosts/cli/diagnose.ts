import { diagnosisText } from '../../diagnose/diagnosis-text.ts'
import { DiagnoseError, parseAround, runDiagnose } from '../../diagnose/run-diagnose.ts'
import { paintFor } from './colors.ts'
import { exitCodes, UsageError } from './usage-error.ts'

export interface DiagnoseOptions { saw?: string[]; around?: string; request?: string; json?: boolean }

/** `cutoff diagnose`: reads configurations and logs, prints the verdict. Exit 0 once there is an answer: the cut happened elsewhere. */
export async function diagnoseCommand(paths: string[], options: DiagnoseOptions): Promise<number> {
  const aroundMs = options.around === undefined ? null : parseAround(options.around)
  if (options.around !== undefined && aroundMs === null) throw new UsageError('bad_value', `--around takes a time, not "${options.around}"`, { where: '--around', hint: 'for example 2026-01-31T14:32:07Z' })
  const sawInput = options.saw?.includes('-') === true
  if (sawInput && paths.includes('-')) throw new UsageError('bad_value', 'standard input can be the files or what was seen, not both', { where: '--saw -', hint: 'put one of them into a file' })
  const input = sawInput || paths.includes('-') ? [{ file: 'standard input', text: await readStandardInput() }] : []
  const texts = sawInput ? [] : input
  const diagnosis = await runDiagnose({ paths: paths.filter((path) => path !== '-'), texts, saw: (options.saw ?? []).filter((path) => path !== '-'), sawTexts: sawInput ? input : [], aroundMs, request: options.request ?? null }).catch((error: unknown) => {
    throw error instanceof DiagnoseError ? new UsageError(error.code, error.message, { hint: error.hint, where: error.where }) : error
  })
  const text = options.json ? `${JSON.stringify(diagnosis)}\n` : diagnosisText(diagnosis, paintFor(process.stdout))
  await new Promise<void>((resolve) => { process.stdout.write(text, () => resolve()) })
  return exitCodes.completed
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
