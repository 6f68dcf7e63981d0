import { planFlow } from '../flow/plan-flow.ts'
import { formatMs } from '../limits/units.ts'
import type { Run } from '../run/fold-run.ts'
import type { Finding } from './finding.ts'
import { leftBehind } from './programs.ts'
import { slowEnd } from './slow-end.ts'
import type { Alternative, Verdict } from './verdict.ts'
import { oomKills } from './rules/out-of-memory.ts'
import { eventEvidence, present } from './words.ts'
import { counted } from '../text/counted.ts'

/** The client has a complete answer: nothing was cut, whatever happened on the way. */
export function completed(run: Run, findings: readonly Finding[]): Verdict {
  const elapsed = run.client?.atMs ?? run.nowMs
  const nearest = nearestDeadline(run, elapsed)
  const notable = findings.filter((finding) => finding.atMs !== null && finding.atMs > elapsed)
  return {
    cause: 'none', layer: null, limitId: null, atMs: null, confidence: 0.99,
    headline: `Nothing was cut: the answer was back after ${formatMs(elapsed)}.`,
    explanation: [nearest, returnedEarly(run), leftBehind(run), killedMeanwhile(run), ...notable.map((finding) => `${finding.cause} happened after the answer was complete and cut nothing.`)].filter((text) => text !== null).join(' '),
    evidence: present([run.client ? eventEvidence(`the client got status ${run.client.status}, ${counted(run.client.bytes, 'byte')}, complete`, run.client) : null]),
    alternatives: [], consequences: [], fix: [],
  }
}

function returnedEarly(run: Run): string | null {
  const late = slowEnd(run)
  return late && run.scriptResult ? `transform() had returned after ${formatMs(run.scriptResult.atMs)}. ${late}` : null
}

/** A child of the script that the OOM killer took: the script may never say so. */
export function killedMeanwhile(run: Run): string | null {
  const oom = oomKills(run)
  return oom && !oom.name.startsWith('vmstat') ? `The OOM killer ended ${oom.delta === 1 ? 'a process' : `${oom.delta} processes`} meanwhile (${oom.name} rose by ${oom.delta}): a child process of the script, by all it looks.` : null
}

function nearestDeadline(run: Run, elapsed: number): string | null {
  // A limit whose clock stops once the request is read has nothing left to spare.
  const idle = new Set(run.plan ? planFlow(run.plan).deadlines.filter((deadline) => deadline.effect === 'no_effect').map((deadline) => deadline.limitId) : [])
  const nearest = run.limits.filter((limit) => limit.deadlineMs !== null && limit.deadlineMs > elapsed && !idle.has(limit.id)).toSorted((a, b) => (a.deadlineMs ?? 0) - (b.deadlineMs ?? 0))[0]
  if (nearest?.deadlineMs) return `The nearest deadline, ${nearest.id}, had ${formatMs(nearest.deadlineMs - elapsed)} left.`
  return run.limits.some((limit) => limit.unit === 'ms' && limit.value !== null && !idle.has(limit.id)) ? null : 'No time limit was set that could have cut it.'
}

/** No rule can name it: say what is known and what is missing, never a guess. */
export function undecided(run: Run): Verdict {
  if (!run.ended) {
    return { cause: 'unknown', layer: null, limitId: null, atMs: null, confidence: 0, headline: 'The run is still going on.', explanation: '', evidence: [], alternatives: [], consequences: [], fix: [] }
  }
  const client = run.client
  const saw = client ? `The client saw ${client.status === null ? 'no status' : `status ${client.status}`}, ${counted(client.bytes, 'byte')}, ended by ${client.ended}${client.error ? ` (${client.error})` : ''}.` : 'The client reported nothing.'
  return {
    cause: 'unknown', layer: null, limitId: null, atMs: client?.atMs ?? null, confidence: 0.3,
    headline: `Something ended the request${client ? ` at ${formatMs(client.atMs)}` : ''}, and nothing observed says what.`,
    explanation: `${saw} ${missingOf(run)}`,
    evidence: present([client ? eventEvidence(saw, client) : null]),
    alternatives: candidatesOf(run), consequences: [], fix: ['Run again with a proxy log (--proxy nginx or haproxy), or without faults, and compare.'],
  }
}

function missingOf(run: Run): string {
  const missing = [run.exit ? null : 'how the script ended', run.stages.request_received ? null : 'whether the request ever reached the gateway', run.connections.length > 0 ? null : 'who closed the connection first'].filter((text) => text !== null)
  return missing.length > 0 ? `What is missing to decide: ${missing.join(', ')}.` : ''
}

function candidatesOf(run: Run): Alternative[] {
  if (!run.client) return []
  const because = 'cannot be excluded, cannot be proved'
  if (run.client.ended === 'rst') return [{ cause: 'network.reset', confidence: 0.3, why_not: because }, { cause: 'gateway.stopped', confidence: 0.2, why_not: because }]
  if (run.client.ended === 'fin' && run.client.bytes === 0) return [{ cause: 'network.closed', confidence: 0.3, why_not: because }, { cause: 'gateway.stopped', confidence: 0.2, why_not: because }]
  return []
}
