import { formatBytes, formatMs } from '../limits/units.ts'
import { baseOf } from '../limits/catalog.ts'
import type { Run } from '../run/fold-run.ts'
import { isCause } from './is-cause.ts'
import { openLimitsAt } from './open-limits.ts'
import type { Alternative, Verdict } from './verdict.ts'

/** What people suspect first in a cut, each with the fact of this run that excludes it. Their shares stay below what is left of certainty. */
export function ruledOut(run: Run, verdict: Verdict): Alternative[] {
  if (verdict.atMs === null || verdict.cause === 'none' || verdict.cause === 'unknown') return []
  const suspects = [...silentFaults(run, verdict), ...otherDeadlines(run, verdict.atMs, verdict.limitId), ...killers(run), ...memory(run), ...stop(run)]
  const share = Math.max(0.001, (1 - verdict.confidence) / (suspects.length + 1))
  return suspects.filter((suspect) => suspect.cause !== verdict.cause).map((suspect) => ({ ...suspect, confidence: Math.round(share * 1000) / 1000 }))
}

type Suspect = Omit<Alternative, 'confidence'>

/** A black hole that was open, but had nothing to swallow before something else cut. */
export function silentFaults(run: Run, verdict: Pick<Verdict, 'atMs'>): Suspect[] {
  const silent = (run.plan?.faults ?? []).filter((fault) => (fault.action === 'blackhole' || fault.action === 'idle_drop') && !run.faults.some((event) => event.fault === fault.text && event.atMs <= (verdict.atMs ?? 0)))
  return silent.filter((fault) => (fault.atMs ?? fault.amount ?? 0) < (verdict.atMs ?? 0)).map((fault) => ({
    cause: fault.action === 'blackhole' ? 'network.blackhole' : 'network.idle_drop', why_not: `${fault.text} was in force, but nothing had been sent into it before the cut`,
  }))
}

/** The two limits that would have come next, with how much they had left. */
function otherDeadlines(run: Run, atMs: number, limitId: string | null): Suspect[] {
  const fired = new Set(run.limits.filter((limit) => limit.fired).map(({ id }) => id))
  const open = openLimitsAt(run, atMs).filter(({ id }) => id !== limitId && !fired.has(id))
  return open.slice(0, 2).flatMap((limit): Suspect[] => {
    const cause = baseOf(limit.id)
    const left = limit.deadlineMs - atMs
    if (!isCause(cause)) return []
    return [{ cause, why_not: left < 10 ? `its deadline was only ${formatMs(left)} later: nearly a tie, another run may turn the order round` : `its deadline had ${formatMs(left)} left` }]
  })
}

/** SIGKILL looks like an OOM kill; here it is known who sent it. */
function killers(run: Run): Suspect[] {
  const kill = run.kills[0]
  if (!kill || run.exit?.exit.signal !== 'SIGKILL') return []
  return [{ cause: 'os.oom_kill', why_not: `SIGKILL came from the ${kill.by} (event ${kill.seq}), and oom_kill did not rise` }]
}

function memory(run: Run): Suspect[] {
  const space = run.limits.find((limit) => limit.id === 'os.address_space')
  const peak = Math.max(0, ...run.readings.map((reading) => reading.addressSpaceBytes))
  if (!space?.value || !run.process || peak === 0 || peak > space.value * 0.9 || run.scriptError) return []
  return [{ cause: 'os.address_space', why_not: `address space peaked at ${formatBytes(peak)} of ${formatBytes(space.value)}, and there was no MemoryError` }]
}

function stop(run: Run): Suspect[] {
  return run.client?.ended === 'timeout' && !run.stop ? [{ cause: 'client.canceled', why_not: 'nobody pressed Stop' }] : []
}
