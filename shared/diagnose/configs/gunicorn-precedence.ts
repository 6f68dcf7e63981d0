import type { DiagnosedLimit } from '../diagnosis.ts'

/**
 * gunicorn reads its configuration file, then GUNICORN_CMD_ARGS, then its command line; the last one holds (its documentation,
 * "Configuration overview"). Followed where there is one command line and one configuration: several may be several servers.
 */
export function withGunicornPrecedence(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
  const own = limits.filter((limit) => limit.product === 'gunicorn' && !limit.isDefault && (limit.enforced || isConfiguration(limit)))
  const files = new Set(own.filter(isConfiguration).map((limit) => limit.file))
  if (files.size > 1) return [...limits]
  const workers = limits.find((limit) => limit.product === 'gunicorn' && isConfiguration(limit) && limit.directive === '--timeout')
  const byDirective = Map.groupBy(own, (limit) => limit.directive)
  const winners = new Map([...byDirective].map(([directive, list]) => [directive, strongest(list)]))
  return limits.map((limit) => {
    if (limit.product !== 'gunicorn') return limit
    const stronger = winners.get(limit.directive) ?? strongest((byDirective.get(limit.directive) ?? []).filter((other) => folderOf(other) === folderOf(limit)))
    if (stronger && rankOf(stronger) > rankOf(limit)) return { ...limit, enforced: false, meaning: `${limit.meaning} ${rankOf(stronger) === 2 ? 'The command line' : 'GUNICORN_CMD_ARGS'} says otherwise (${stronger.file}:${stronger.line}).` }
    // The class of workers stands in the configuration, the limit on the command line.
    const byClass = limit.directive === '--timeout' && limit.enforced && workers && !workers.enforced ? /Worker class .*/.exec(workers.meaning)?.[0] : undefined
    return byClass && !isConfiguration(limit) ? { ...limit, enforced: false, meaning: `${limit.meaning} ${byClass}` } : limit
  })
}

/** Of several servers the files of one lie in one folder. */
function folderOf(limit: DiagnosedLimit): string {
  return limit.file.slice(0, Math.max(0, limit.file.lastIndexOf('/')))
}

/** The one place that wins; null where several of the same rank may be several servers. */
function strongest(limits: readonly DiagnosedLimit[]): DiagnosedLimit | null {
  const rank = limits.reduce((most, limit) => Math.max(most, rankOf(limit)), -1)
  const best = limits.filter((limit) => rankOf(limit) === rank)
  return best.length === 1 ? best[0] ?? null : null
}

function rankOf(limit: DiagnosedLimit): number {
  if (limit.isDefault) return -1
  return isConfiguration(limit) ? 0 : limit.scope?.includes('GUNICORN_CMD_ARGS') ? 1 : 2
}

function isConfiguration(limit: DiagnosedLimit): boolean {
  return /\.py$/.test(limit.file)
}
