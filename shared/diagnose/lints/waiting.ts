import type { LayerId } from '../../flow/layers.ts'
import { formatMs } from '../../limits/units.ts'
import type { DiagnosedLimit, DiagnosisLint } from '../diagnosis.ts'
import { ladderOf } from '../ladder.ts'
import { timeText } from '../time-text.ts'
import { isSource, lintOf, nameOf, type LintRule } from './lint.ts'

/** From outside in: every limit should be shorter than the ones further out. */
const depth: Partial<Record<LayerId, number>> = { client: 0, proxy: 2, platform: 3, gateway: 4, connector: 5, wrapper: 6, script: 7 }

function waitingOf(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
  return ladderOf(limits).map((rung) => rung.limit).filter((limit) => depth[limit.layer] !== undefined)
}

/**
 * Whether one request can meet both. What a program allows its own calls is not around its own children, and Apache serves a request
 * by one handler only: its proxy's limits are not around its CGI programs'.
 */
function mayContain(outer: DiagnosedLimit, inner: DiagnosedLimit): boolean {
  if (outer.file !== inner.file) return true
  return !(isSource(outer) && outer.layer === 'proxy') && !(outer.product === 'Apache httpd' && inner.product === 'Apache httpd')
}

/** How long a limit holds a request, all its tries together. */
function reachOf(limit: DiagnosedLimit): number {
  return (limit.valueMs ?? 0) * limit.attempts
}

/** An inner limit that is not shorter than an outer one never gets to say why. */
export const innerAboveOuter: LintRule = {
  id: 'inner-above-outer',
  check: (limits) => {
    const waiting = waitingOf(limits)
    const lints: DiagnosisLint[] = []
    for (const outer of waiting) {
      const inner = waiting.filter((other) => (depth[other.layer] ?? 0) > (depth[outer.layer] ?? 0) && reachOf(other) > (outer.valueMs ?? 0) && mayContain(outer, other) && !(other.valueMs === outer.valueMs && other.attempts === 1)).toSorted((a, b) => reachOf(b) - reachOf(a))[0]
      if (!inner) continue
      const factor = reachOf(inner) / (outer.valueMs ?? 1)
      if ((inner.valueMs ?? 0) <= (outer.valueMs ?? 0)) {
        lints.push(lintOf(`inner-above-outer:${outer.directive}:${inner.directive}`, 'warning', `${nameOf(inner)} takes ${formatMs(reachOf(inner))} with its ${inner.attempts} tries, longer than ${nameOf(outer)}: the later tries are cut by that.`, [outer, inner]))
        continue
      }
      lints.push(lintOf(`inner-above-outer:${outer.directive}:${inner.directive}`, factor >= 5 ? 'error' : 'warning', outer.cause === 'gateway.write'
        ? `${nameOf(inner)} is longer than ${nameOf(outer)}: what is answered after ${formatMs(outer.valueMs ?? 0)} is lost, and nothing is logged.`
        : `${nameOf(inner)} is longer than ${nameOf(outer)}, which ends the request first, after ${timeText(outer.valueMs ?? 0)}.`, [outer, inner]))
    }
    return lints.slice(0, 20)
  },
}

/** Two deadlines at the same instant: which of them speaks is chance. */
export const equalDeadlines: LintRule = {
  id: 'equal',
  check: (limits) => {
    const waiting = waitingOf(limits)
    const lints: DiagnosisLint[] = []
    // They come sorted by their deadline: equal ones stand next to each other.
    for (const [index, a] of waiting.entries()) for (let at = index + 1; at < waiting.length && lints.length < 20; at++) {
      const b = waiting[at]
      if (b === undefined || a.valueMs !== b.valueMs) break
      if ((a.product === b.product && a.layer === b.layer) || (a.file === b.file && (isSource(a) || !mayContain(a, b)))) continue
      lints.push(lintOf(`equal:${a.directive}:${b.directive}`, 'warning', `${nameOf(a)} and ${nameOf(b)} pass at the same instant, ${formatMs(a.valueMs ?? 0)}: which of them cuts, and what the client sees, is chance.`, [a, b]))
    }
    return lints.slice(0, 20)
  },
}

/** Six SYNs with the default tcp_syn_retries: 1 + 2 + 4 + ... + 64 s. */
const kernelGivesUpMs = 131_000

/** A limit behind a shorter one of the same place can never fire. */
export const neverReachable: LintRule = {
  id: 'never-fires',
  check: (limits) => {
    const waiting = waitingOf(limits)
    const kernel = limits.filter((limit) => limit.enforced && limit.counts === 'connect' && limit.cause !== 'network.dns' && (limit.valueMs ?? 0) > kernelGivesUpMs)
    return [...kernel.map((limit) => lintOf(`never-fires:${limit.file}:${limit.line}:${limit.directive}`, 'note', `${nameOf(limit)} can hardly fire: Linux itself gives up connecting after about two minutes (tcp_syn_retries).`, [limit])), ...waiting.flatMap((late) => {
      const early = waiting.find((other) => other !== late && !isSource(late) && other.layer === late.layer && other.product === late.product && other.file === late.file && other.scope === late.scope && other.counts === 'total' && (other.valueMs ?? 0) * other.attempts < (late.valueMs ?? 0))
      return early ? [lintOf(`never-fires:${late.directive}:${early.directive}`, 'note', `${nameOf(late)} can never fire: ${nameOf(early)} ends the request before.`, [late, early])] : []
    })].slice(0, 20)
  },
}
