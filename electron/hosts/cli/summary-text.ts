import { formatMs } from '../../../shared/limits/units.ts'
import type { Paint } from './colors.ts'
import { plainText } from '../../../shared/text/plain-text.ts'
import type { RunsSummary, Spread } from './summary.ts'

/** What `run --repeat` prints for people: how many came through, the spread, and each cause with how often it came and its sentence. */
export function summaryText({ runs, summary }: RunsSummary, paint: Paint): string {
  const outcomes = Object.entries(summary.outcomes).map(([outcome, count]) => `${count} ${outcome}`).join(', ')
  const row = (name: string, { p50Ms, p95Ms, maxMs }: Spread): string => `  ${name.padEnd(12)}${[p50Ms, p95Ms, maxMs].map((ms) => formatMs(ms).padStart(12)).join('')}`
  const waited = summary.queueWait.maxMs >= leastWaitMs
  const spread = [
    paint.dim(`  ${''.padEnd(12)}${['p50', 'p95', 'max'].map((name) => name.padStart(12)).join('')}`),
    row('whole', summary), ...(waited ? [row('queue wait', summary.queueWait)] : []), row('execution', summary.execution),
  ]
  const causes = Object.entries(summary.causes).toSorted((a, b) => b[1] - a[1]).map(([cause, count]) => {
    const first = runs.find((run) => run.verdict.cause === cause)
    return `  ${String(count).padStart(5)}  ${paint.bold(cause)}${cause === 'none' ? '' : `  ${plainText(first?.verdict.headline ?? '')} ${paint.dim(`(run ${first?.id ?? ''})`)}`}`
  })
  return `${[`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}: ${outcomes}`, '', ...spread, '', ...causes].join('\n')}\n`
}

/** Below this (ms) nobody waited for a worker. */
const leastWaitMs = 1
