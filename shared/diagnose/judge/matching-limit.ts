import type { Cause } from '../../verdict/causes.ts'
import type { DiagnosedLimit } from '../diagnosis.ts'
import { fitsLimit } from '../products.ts'
import type { Serving } from './serving.ts'

/**
 * The configured limit behind a finding: of the same product and cause, in force, the one with the directive's own name, else the
 * one whose value fits the time best; what holds for this request's part of the configuration goes first. A default counts only where
 * nobody wrote one.
 */
export function matchingLimit(limits: readonly DiagnosedLimit[], finding: { cause: Cause; product: string | null; directive: string | null; evidence?: readonly { ref: string | null }[] }, elapsedMs: number | null, serving: Serving = () => 0): DiagnosedLimit | null {
  // A refusal has as many rules as there are settings: only the one that is named counts.
  if (finding.cause.endsWith('.rejected') && finding.directive === null) return null
  const fitting = limits.filter((limit) => limit.enforced && mayHaveFired(limit, elapsedMs) && (limit.cause === finding.cause || limit.alsoCauses.includes(finding.cause) || (finding.directive !== null && sameName(limit.directive, finding.directive))) && (finding.product === null || isOf(limit.product, finding.product)))
  const here = fitting.filter((limit) => serving(limit) >= 0)
  const own = here.filter((limit) => serving(limit) === 1 && limit.cause === finding.cause)
  const same = own.length > 0 ? own : here.length > 0 ? here : fitting
  const named = finding.directive === null ? [] : same.filter((limit) => sameName(limit.directive, finding.directive ?? ''))
  const written = (list: DiagnosedLimit[]) => list.filter((limit) => !limit.isDefault)
  const exact = same.filter((limit) => limit.cause === finding.cause)
  const pool = [written(named), written(exact), written(same), named, exact, same].find((list) => list.length > 0) ?? []
  const beside = folderOf(/^log:(.*):\d+$/.exec(finding.evidence?.find((item) => item.ref?.startsWith('log:'))?.ref ?? '')?.[1] ?? null)
  return pool.toSorted((a, b) => misfit(a, elapsedMs) - misfit(b, elapsedMs) || Number(folderOf(b.file) === beside) - Number(folderOf(a.file) === beside))[0] ?? null
}

/** Runtimes whose limits a service's own configuration sets. */
const runtimes = new Set(['Go', 'Node', 'Python', 'Java', ''])

/** Whether a product's limits are those of another: Kong is nginx with settings of its own, and logs as nginx does. */
function isOf(limits: string, product: string): boolean {
  return limits === product || (limits === 'Kong' && product === 'nginx') || (limits === 'service' && runtimes.has(product))
}

/** A limit longer than the whole request did not fire: another setting did, or its value was set elsewhere (an argument, a run-time parameter). */
function mayHaveFired(limit: DiagnosedLimit, elapsedMs: number | null): boolean {
  return limit.valueMs === null || elapsedMs === null || limit.valueMs <= elapsedMs * 1.05 + 200
}

/** Of equals the one that lies beside the log is meant; null where no log is known. */
function folderOf(file: string | null): string | null {
  return file === null ? null : file.slice(0, Math.max(0, file.lastIndexOf('/')))
}

export function sameName(a: string, b: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/^-+/, '').replaceAll(/[\s_-]+/g, '')
  return bare(a) === bare(b)
}

/** 0 where the value fits, else how far it is off; unknown values come last. */
function misfit(limit: DiagnosedLimit, elapsedMs: number | null): number {
  if (limit.valueMs === null) return 1e12
  if (elapsedMs === null) return 0
  if (fitsLimit(limit.product, limit.valueMs * limit.attempts, elapsedMs) || fitsLimit(limit.product, limit.valueMs, elapsedMs)) return 0
  return Math.abs(limit.valueMs - elapsedMs)
}
