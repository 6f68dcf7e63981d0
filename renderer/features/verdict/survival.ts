import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitsOfProfile, type Profile } from '../../../shared/flow/profiles.ts'
import { formatMs } from '../../../shared/limits/units.ts'

/** Would this run have passed elsewhere? Calculated from published limits, not run there. */
export interface Survival { profile: string; title: string; limitId: string; limitMs: number; passes: boolean; /** ms to spare, or short of it */ byMs: number; text: string }

/** Compares what a run took with the first limit of every profile that would cut it; the tightest first. */
export function survivalOf(elapsedMs: number, profiles: readonly Profile[]): Survival[] {
  return profiles.flatMap((profile) => {
    const first = planFlow({ limits: limitsOfProfile(profile), proxies: profile.proxies }).first
    if (!first) return []
    const passes = elapsedMs < first.atMs
    const byMs = Math.abs(first.atMs - elapsedMs)
    return [{ profile: profile.name, title: profile.title, limitId: first.limitId, limitMs: first.atMs, passes, byMs, text: `${profile.title} ${formatMs(first.atMs)}: ${passes ? 'passes' : `cut ${formatMs(Math.round(byMs))} short`}` }]
  }).toSorted((a, b) => a.limitMs - b.limitMs)
}
