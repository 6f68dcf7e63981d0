import type { RunRecord } from '../../shared/run/record.ts'
import type { MatrixCase } from './case.ts'
import type { StackJudgement } from './stack-at-cut.ts'

/** One judged run of the matrix. `stack`: null where no script ran at the cut. */
export interface Judged { known: MatrixCase; record: RunRecord; right: boolean; stack: StackJudgement | null }

/** A verdict is right when it names the cause, or another name that is equally true. */
export function isRight(known: MatrixCase, record: RunRecord): boolean {
  return record.verdict.cause === known.cause || (known.alsoTrue ?? []).includes(record.verdict.cause)
}

/** Cause, runs, right, unknown, wrong, worst latency from a deadline to the act; stacks at the cut that were right, missing, wrong. */
export function tableOf(judged: readonly Judged[]): string {
  const rows = [...Map.groupBy(judged, ({ known }) => known.cause)].map(([cause, runs]) => {
    const unknown = runs.filter(({ record }) => record.verdict.cause === 'unknown').length
    const right = runs.filter((run) => run.right).length
    const late = runs.map(({ record }) => latenessOf(record)).filter((ms) => ms !== null)
    return [cause, runs.length, right, unknown, runs.length - right - unknown, late.length === 0 ? '' : `${Math.max(...late).toFixed(1)} ms`, stacksOf(runs)].map(String)
  })
  const all = [['cause', 'runs', 'right', 'unknown', 'wrong', 'latest', 'stack'], ...rows.toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''))]
  return all.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(24) : cell.padStart(9))).join('')).join('\n')
}

function stacksOf(runs: readonly Judged[]): string {
  const judgements = runs.flatMap(({ stack }) => stack ?? [])
  return judgements.length === 0 ? '' : (['right', 'missing', 'wrong'] as const).map((judgement) => judgements.filter((found) => found === judgement).length).join('/')
}

function latenessOf(record: RunRecord): number | null {
  const limit = record.limits.find((candidate) => candidate.id === record.verdict.limitId)
  return limit?.deadlineMs == null || record.verdict.atMs === null || record.verdict.cause === 'gateway.write' ? null : record.verdict.atMs - limit.deadlineMs
}
