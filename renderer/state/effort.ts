import type { Stacks } from './stacks.ts'

/** What a script did with its time. `starved`: its stacks say that it computed, the kernel gave it far less time than that. */
export type Effort = 'waiting' | 'computing' | 'starved' | 'mixed'

type Seen = Pick<Stacks, 'segments' | 'samples'>
const fewestLooks = 10
/** Some more than a period of the lowest rate that is offered beside `off` (ms). */
const farthestApartMs = 60

/**
 * Waiting or computing, from the CPU time of a process and where its stacks were seen. Little CPU time alone is no proof of a wait:
 * a busy machine may not have given more, and then the stacks stand in computing places all the while. Times in ms.
 */
export function effortOf(cpuMs: number, wallMs: number, stacks: Seen): Effort {
  if (wallMs <= 0) return 'mixed'
  const share = cpuMs / wallMs
  const { computing, looksEveryMs } = seenIn(stacks)
  // Looks that are far apart may each have met the one moment in which it computed: they prove neither.
  if (computing > 0.5 && share < computing * 0.6) return stacks.samples >= fewestLooks && looksEveryMs <= farthestApartMs ? 'starved' : 'mixed'
  return share < 0.25 ? 'waiting' : share > 0.8 ? 'computing' : 'mixed'
}

/** Share of the time seen in which the script was computing (0..1), and how far its samples were apart on average (ms). */
function seenIn({ segments, samples }: Seen): { computing: number; looksEveryMs: number } {
  const sum = (of: Stacks['segments']) => of.reduce((ms, segment) => ms + segment.endMs - segment.startMs, 0)
  const seen = sum(segments)
  return seen > 0 ? { computing: sum(segments.filter((segment) => segment.state === 'computing')) / seen, looksEveryMs: seen / samples } : { computing: 0, looksEveryMs: Infinity }
}
