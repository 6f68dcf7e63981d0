import type { RunRecord } from '../../../shared/run/record.ts'

/** What `--repeat` prints: every record and the spread. Queue wait is told apart from execution. */
export interface RunsSummary {
  schema: 'cutoff.runs/1'
  runs: RunRecord[]
  summary: {
    p50Ms: number; p95Ms: number; maxMs: number
    outcomes: Record<string, number>; causes: Record<string, number>
    queueWait: Spread; execution: Spread
  }
}
export interface Spread { p50Ms: number; p95Ms: number; maxMs: number }

export function summaryOf(runs: RunRecord[]): RunsSummary {
  return {
    schema: 'cutoff.runs/1', runs,
    summary: {
      ...spreadOf(runs.map((run) => run.elapsedMs)),
      outcomes: countsOf(runs.map((run) => run.outcome)), causes: countsOf(runs.map((run) => run.verdict.cause)),
      queueWait: spreadOf(runs.map(queueWaitOf)), execution: spreadOf(runs.flatMap((run) => (run.script.wallMs === null ? [] : [run.script.wallMs]))),
    },
  }
}

/** Nearest-rank percentiles: with few runs they are values that really occurred. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { p50Ms: rank(0.5), p95Ms: rank(0.95), maxMs: sorted.at(-1) ?? 0 }
}

function queueWaitOf(run: RunRecord): number {
  const span = run.spans.find((candidate) => candidate.name === 'queue')
  return span?.endMs ? span.endMs - span.startMs : 0
}

function countsOf(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
