import { constants } from 'node:os'
import type { ExitMessage } from './messages.ts'
import type { OsLimits } from './script-run.ts'

/**
 * The kernel limit that certainly ended the script, or null. Certain means proven: the signal only that limit sends with the CPU time that
 * goes with it, or the OOM counter of the run's own group. A MemoryError or EAGAIN is for the verdict to weigh.
 */
export function firedByKernel(os: OsLimits, exit: Pick<ExitMessage, 'signal' | 'scriptCpuNs' | 'counters'> | null): { limitId: string; action: string } | null {
  if (!exit) return null
  const counted = (name: string): number => exit.counters.find((counter) => counter.name === name)?.delta ?? 0
  if (os.memoryBytes !== undefined && counted('cgroup.memory.oom_kill') > 0 && exit.signal === constants.signals.SIGKILL) {
    return { limitId: 'os.memory', action: 'the OOM killer of the control group sent SIGKILL' }
  }
  if (os.cpuTimeMs !== undefined && exit.scriptCpuNs !== null) {
    const softSeconds = Math.max(1, Math.ceil(os.cpuTimeMs / 1000))
    // The kernel judges by sampled ticks, wait4 tells the precise time: on a busy machine they differ by a tenth and more.
    const seconds = exit.scriptCpuNs / 1e9
    if (exit.signal === constants.signals.SIGXCPU && seconds >= softSeconds * 0.7) return { limitId: 'os.cpu_time', action: 'SIGXCPU' }
    if (exit.signal === constants.signals.SIGKILL && seconds >= softSeconds + 0.5) return { limitId: 'os.cpu_time', action: 'SIGKILL at the hard limit' }
  }
  return null
}

/** Does it ask for limits that control groups enforce? Making them costs time, so only then. */
export function needsGroups(os: OsLimits): boolean {
  return os.memoryBytes !== undefined || os.processes !== undefined || os.cpuShareMillicores !== undefined
}
