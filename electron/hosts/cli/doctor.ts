import type { Reading } from '../../../shared/limits/readings.ts'
import { readDoctor } from '../../system/doctor.ts'
import { paintFor } from './colors.ts'

/** `cutoff doctor`: what people check by hand, each with a judgement and what to do. Exit 0; 1 when something is a problem. */
export async function doctorCommand(options: { json?: boolean; python?: string }): Promise<number> {
  const result = await readDoctor({ python: options.python ?? null })
  const worst = result.readings.some((reading) => reading.state === 'problem') ? 1 : 0
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return worst
  }
  const paint = paintFor(process.stdout)
  const mark: Record<Reading['state'], string> = { ok: paint.green('ok     '), warning: paint.yellow('warning'), problem: paint.red('problem') }
  const groups = Map.groupBy(result.readings, (reading) => reading.group)
  const text = [...groups].flatMap(([group, readings]) => [
    paint.bold(group),
    ...readings.flatMap((reading) => [`  ${mark[reading.state]} ${reading.label}: ${reading.value}`, ...(reading.advice ? [paint.dim(`          ${reading.advice}`)] : [])]), '',
  ])
  process.stdout.write(`${text.join('\n')}`)
  return worst
}
