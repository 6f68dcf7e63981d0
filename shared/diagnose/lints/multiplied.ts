import { timeText } from '../time-text.ts'
import { lintOf, nameOf, type LintRule } from './lint.ts'

/** A limit per try: what the client waits is a multiple of it. */
export const multiplied: LintRule = {
  id: 'multiplied',
  check: (limits) => limits.filter((limit) => limit.enforced && limit.valueMs !== null && limit.valueMs > 0 && limit.attempts > 1 && !limit.isDefault).map((limit) => lintOf(`multiplied:${limit.file}:${limit.line}`, 'warning', `${nameOf(limit)} counts per try and there are ${limit.attempts}: the client may wait ${timeText((limit.valueMs ?? 0) * limit.attempts)}.`, [limit])),
}
