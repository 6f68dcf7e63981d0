import type { Stacks } from './stacks.ts'

/** What a script did with its time. `starved`: its stacks say that it computed, the kernel gave it far less time than that. */
export type Effort = 'waiting' | 'computing' | 'starved' | 'mixed'

/**
 * Waiting or computing, from the CPU time of a process and where its stacks were seen. Little CPU time alone is no proof of a wait:
 * a busy machine may not have given more, and then the stacks stand in computing places all the while. Times in ms.
 */
export function effortOf(cpuMs: number, wallMs: number, stacks: Pick<Stacks, 'segments'>): Effort {
  if (wallMs <= 0) return 'mixed'
  const share = cpuMs / wallMs
  const computing = computingShareOf(stacks)
  if (computing > 0.5 && share < computing * 0.6) return 'starved'
  return share < 0.25 ? 'waiting' : share > 0.8 ? 'computing' : 'mixed'
}

/** Share of the time seen in which the script was computing, 0..1. */
function computingShareOf({ segments }: Pick<Stacks, 'segments'>): number {
  const sum = (of: Stacks['segments']) => of.reduce((ms, segment) => ms + segment.endMs - segment.startMs, 0)
  const seen = sum(segments)
  return seen > 0 ? sum(segments.filter((segment) => segment.state === 'computing')) / seen : 0
}
