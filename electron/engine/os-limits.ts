import type { LimitSetting } from '../../shared/run/plan.ts'
import type { OsLimits } from '../python/script-run.ts'

/** The kernel limits of a plan, as the runner takes them. Limits that are off or not to be enforced are left out. */
export function osLimitsOf(limits: readonly LimitSetting[]): OsLimits {
  const value = (id: string): number | undefined => {
    const limit = limits.find((candidate) => candidate.id === id)
    return limit?.enforced && limit.value !== null ? limit.value : undefined
  }
  return {
    addressSpaceBytes: value('os.address_space'), cpuTimeMs: value('os.cpu_time'), openFiles: value('os.open_files'), processes: value('os.processes'),
    fileSizeBytes: value('os.file_size'), cpuShareMillicores: value('os.cpu_share'), memoryBytes: value('os.memory'), platformMemoryBytes: value('platform.memory'),
  }
}
