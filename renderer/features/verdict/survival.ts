import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitsOfProfile, type Profile } from '../../../shared/flow/profiles.ts'
import { formatMs } from '../../../shared/limits/units.ts'

/** Would this run have passed elsewhere? Calculated from published limits, not run there. */
export interface Survival { profile: string; title: string; limitId: string; limitMs: number; passes: boolean; /** ms to spare, or short of it */ byMs: number; text: string }

/** Client limits that people set, ms. */
const clientLimits = [500, 1000, 2000, 3000, 5000, 10_000, 30_000, 60_000]

/** The longest usual client limit that would have cut this run, and the shortest that would have let it pass. */
export function clientSurvivalOf(elapsedMs: number): Survival[] {
  const around = [clientLimits.findLast((ms) => ms <= elapsedMs), clientLimits.find((ms) => ms > elapsedMs)].filter((ms) => ms !== undefined)
  return around.map((limitMs) => {
    const passes = elapsedMs < limitMs
    const byMs = Math.abs(limitMs - elapsedMs)
    return { profile: `client ${limitMs}`, title: 'client', limitId: 'client.total', limitMs, passes, byMs, text: `client ${formatMs(limitMs)}: ${passes ? 'passes' : `cut ${formatMs(Math.round(byMs))} short`}` }
  })
}

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
