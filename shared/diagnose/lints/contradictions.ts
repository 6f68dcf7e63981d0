import type { DiagnosedLimit } from '../diagnosis.ts'
import { lintOf, nameOf, type LintRule } from './lint.ts'

/** The same setting with different values in different files: which of them runs is not said. */
export const contradictions: LintRule = {
  id: 'contradiction',
  check: (limits) => {
    const groups = new Map<string, DiagnosedLimit[]>()
    for (const limit of limits) {
      if (limit.isDefault || limit.valueMs === null || limit.layer === 'client') continue
      const key = `${limit.product} ${limit.directive.toLowerCase()} ${limit.scope ?? ''}`
      groups.set(key, [...(groups.get(key) ?? []), limit])
    }
    return [...groups.values()].flatMap((group) => {
      const first = group[0]
      const other = group.find((limit) => limit.file !== first?.file && limit.valueMs !== first?.valueMs)
      return first && other ? [lintOf(`contradiction:${first.product}:${first.directive}`, 'warning', `${nameOf(first)} and ${nameOf(other)} differ: find out which file is in use.`, [first, other])] : []
    }).slice(0, 20)
  },
}
