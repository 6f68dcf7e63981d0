import { formatMs } from '../limits/units.ts'
import type { Run } from '../run/fold-run.ts'
import type { Cause } from './causes.ts'
import { deathOfHelper } from './last-words.ts'
import { killedMeanwhile } from './no-cut.ts'
import { scriptUnder } from './script-under.ts'
import { heaviestLine } from './time-split.ts'
import { timekeepingOf } from './timekeeping.ts'
import type { Verdict } from './verdict.ts'
import { limitOf } from './words.ts'

/** What made the request slow without cutting it: the cause is what cut, but people will want to change this. One sentence each. */
export function contributionsOf(run: Run, verdict: Pick<Verdict, 'atMs' | 'cause' | 'limitId'>): string[] {
  const { atMs: cutMs, cause, limitId } = verdict
  if (cutMs === null) return []
  return [timekeepingOf(run, verdict), queueWait(run, cutMs), proxyQueue(run, cutMs), slowLink(run), throttled(run), ...(isAboutTime(run, limitId, cause) ? [slowStart(run, cutMs), heaviestLine(run, cutMs), waitsInVain(run), killedMeanwhile(run)] : [])].filter((text) => text !== null)
}

/** Only where time ran out, or somebody lost patience, does it matter which line took it. */
function isAboutTime(run: Run, limitId: string | null, cause: Cause): boolean {
  const limit = limitOf(run, limitId)
  if (!limit) return cause === 'client.canceled' || cause === 'os.killed'
  return limit.unit === 'ms' && scriptUnder(run, limit) === 'running'
}

function waitsInVain(run: Run): string | null {
  return deathOfHelper(run)?.replace(/\.$/, ': what waits for it waits in vain.') ?? null
}

function queueWait(run: Run, cutMs: number): string | null {
  if (!run.queueEntered) return null
  const waited = (run.queueLeft?.atMs ?? cutMs) - run.queueEntered.atMs
  if (waited < 20 || waited < cutMs * 0.1) return null
  return run.queueLeft && run.queueLeft.atMs < cutMs ? `${formatMs(waited)} of it were spent waiting for a free worker: a wait is not a slow script.` : `It had waited ${formatMs(waited)} for a free worker and its script was never started.`
}

/** A proxy's own queue, as its log tells it afterwards. */
function proxyQueue(run: Run, cutMs: number): string | null {
  const queue = run.spans.find((span) => span.layer === 'proxy' && span.name === 'queue' && span.startMs < cutMs)
  if (!queue || queue.endMs === null) return null
  const waited = Math.min(queue.endMs, cutMs) - queue.startMs
  if (waited < 20 || waited < cutMs * 0.1) return null
  return queue.endMs < cutMs - 5 ? `${formatMs(waited)} of it were spent in the queue of the proxy: a wait is not a slow script.` : `It had waited ${formatMs(waited)} in the queue of the proxy, which had no free connection to upstream: no script was started for it.`
}

function slowLink(run: Run): string | null {
  const slow = run.faults.filter((event) => /latency|bandwidth/.test(event.action) || /latency|bandwidth/.test(event.fault)).map((event) => event.fault)
  return slow.length === 0 ? null : `The link was slowed down in this run (${[...new Set(slow)].join(', ')}).`
}

function throttled(run: Run): string | null {
  const ms = Math.max(0, ...run.readings.map((reading) => reading.throttledMs ?? 0))
  return ms < 20 ? null : `os.cpu_share held the script back for ${formatMs(ms)}.`
}

/** transform() never ran: the time went into starting. */
function slowStart(run: Run, cutMs: number): string | null {
  const span = (name: string) => run.spans.find((candidate) => candidate.layer === 'script' && candidate.name === name)
  const load = span('load')
  if (!load || span('transform') || (load.endMs !== null && load.endMs < cutMs - 1)) return null
  return `transform() had not been reached: loading the script and its imports took ${formatMs(cutMs - load.startMs)} so far.`
}
