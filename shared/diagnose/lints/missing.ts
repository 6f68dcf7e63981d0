import { formatMs } from '../../limits/units.ts'
import type { DiagnosedLimit } from '../diagnosis.ts'
import { lintOf, nameOf, type LintRule } from './lint.ts'

/** Nobody set it, and that surprises. */
export const missingLimits: LintRule = {
  id: 'missing',
  check: (limits) => [...waitsForEver(limits), ...surprisingDefaults(limits)].slice(0, 20),
}

function waitsForEver(limits: readonly DiagnosedLimit[]) {
  return limits.filter((limit) => !limit.enforced && limit.valueMs === null && limit.isDefault).map((limit) => lintOf(`missing:${limit.file}:${limit.line}:${limit.directive}`, 'warning', `${limit.product} ${limit.directive}: ${limit.meaning}`, [limit]))
}

/** Defaults that end a slow request although nobody wrote a number. */
function surprisingDefaults(limits: readonly DiagnosedLimit[]) {
  return limits.filter((limit) => limit.isDefault && limit.enforced && limit.valueMs !== null && limit.valueMs <= 60_000 && (limit.counts === 'wait' || limit.counts === 'total') && limit.cause !== null && limit.cause !== 'proxy.idle')
    .map((limit) => lintOf(`default:${limit.file}:${limit.product}:${limit.directive}`, 'note', `${nameOf(limit)}: nobody set it, and it ends a request after ${formatMs(limit.valueMs ?? 0)}.`, [limit]))
}

/** A proxy that keeps connections longer than the server behind it reuses one that is just being closed: a rare 502. */
export const keepAliveRace: LintRule = {
  id: 'keep-alive-race',
  check: (limits) => {
    const servers = limits.filter((limit) => limit.cause === 'gateway.idle' && limit.counts === 'idle' && limit.valueMs !== null && limit.enforced)
    const front = limits.find((limit) => ['AWS ALB', 'Google Cloud Load Balancing'].includes(limit.product)) ?? limits.find((limit) => limit.product === 'nginx' && limit.directive === 'keepalive_timeout' && limit.cause === null)
    if (!front) return []
    const frontMs = front.product === 'Google Cloud Load Balancing' ? 600_000 : front.valueMs ?? 60_000
    return servers.filter((limit) => (limit.valueMs ?? 0) <= frontMs).map((limit) => lintOf(`keep-alive-race:${limit.file}:${limit.line}`, 'warning', `${nameOf(limit)} is not longer than the ${formatMs(frontMs)} for which ${front.product} keeps connections: now and then it sends a request into a closing one (502).`, [limit, front])).slice(0, 5)
  },
}
