import type { DiagnosedLimit, DiagnosisLint } from '../diagnosis.ts'
import { lintOf, nameOf, type LintRule } from './lint.ts'

/** The same setting with different values in different files: which of them runs is not said. */
export const contradictions: LintRule = {
  id: 'contradiction',
  check: (limits) => {
    const groups = new Map<string, DiagnosedLimit[]>()
    for (const limit of limits) {
      if (limit.isDefault || limit.valueMs === null || limit.layer === 'client') continue
      const key = keyOf(limit)
      groups.set(key, [...(groups.get(key) ?? []), limit])
    }
    return [...groups.values()].flatMap(contradictionIn).slice(0, 20)
  },
}

/** Servers that a program starts once are told in several places; everything else is the same only in the same scope. */
function keyOf(limit: DiagnosedLimit): string {
  if (['gunicorn', 'uWSGI', 'uvicorn'].includes(limit.product)) return `${limit.product} ${limit.directive.toLowerCase()}`
  // A service's own settings have many names: `python.timeout` of a file and PYTHON_TIMEOUT of the environment are one.
  if (limit.product === 'service' && limit.cause !== null && limit.cause !== 'gateway.handler') return `service ${limit.cause}`
  return `${limit.product} ${limit.directive.toLowerCase()} ${limit.scope ?? ''}`
}

function contradictionIn(group: readonly DiagnosedLimit[]): DiagnosisLint[] {
  const first = group[0]
  const other = group.find((limit) => limit.file !== first?.file && limit.valueMs !== first?.valueMs)
  if (!first || !other) return []
  const which = first.product === 'gunicorn' ? 'the command line wins over GUNICORN_CMD_ARGS, and that over the configuration file.' : 'find out which file is in use.'
  return [lintOf(`contradiction:${first.product}:${first.directive}`, 'warning', `${nameOf(first)} and ${nameOf(other)} differ: ${which}`, [first, other])]
}
