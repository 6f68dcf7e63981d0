import { formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import type { LimitSetting } from '../../../shared/run/plan.ts'
import { percentOf, tickingMs } from '../../ui/numbers.ts'

/**
 * What the run on the screen says about a limit of the plan: `fired`, `29.5 s left`, `in 12.4 s`, `peak 42 %`.
 * Empty without a run, or when the plan's value is no longer the one the run had.
 */
export function limitStatus(run: Run, limit: LimitSetting, nowMs: number, live: boolean): { text: string; fired: boolean } {
  const state = run.limits.find((candidate) => candidate.id === limit.id)
  const quiet = { text: '', fired: false }
  if (limit.value === null) return run.plan ? { text: 'no limit', fired: false } : quiet
  if (!state || state.value !== limit.value) return run.plan ? { text: 'next run', fired: false } : quiet
  if (state.fired) return { text: 'fired', fired: true }
  if (state.notEnforced) return { text: 'not enforced', fired: false }
  if (limit.unit === 'bytes') return { text: memoryShare(run, limit, live), fired: false }
  if (limit.unit !== 'ms') return quiet
  if (state.deadlineMs === null) return quiet
  if (live) return state.disarmedAtMs !== null ? { text: 'over', fired: false } : { text: nowMs > state.deadlineMs ? 'has passed' : `in ${tickingMs(state.deadlineMs - nowMs)}`, fired: false }
  const left = state.deadlineMs - (run.client?.atMs ?? run.nowMs)
  // Switched off in passing, long before the end: it could not have done anything.
  if (state.disarmedAtMs !== null && state.disarmedAtMs < (run.stages.connector_started?.atMs ?? 0) + 5 && limit.id.startsWith('gateway.')) return { text: 'no effect', fired: false }
  if (left < 0) return { text: state.disarmedAtMs !== null ? 'over in time' : 'had passed', fired: false }
  return { text: `${formatMs(left > 10_000 ? Math.round(left / 100) * 100 : Math.round(left))} left`, fired: false }
}

function memoryShare(run: Run, limit: LimitSetting, live: boolean): string {
  const peak = run.readings.reduce((most, reading) => Math.max(most, limit.id === 'os.address_space' ? reading.addressSpaceBytes : reading.rssBytes), 0)
  if (peak === 0 || limit.value === null || limit.id === 'os.file_size' || limit.id === 'platform.payload') return ''
  const last = run.readings.at(-1)
  const now = limit.id === 'os.address_space' ? (last?.addressSpaceBytes ?? 0) : (last?.rssBytes ?? 0)
  return live ? `now ${percentOf(now / limit.value)}` : `peak ${percentOf(peak / limit.value)}`
}
