import { baseOf, limitKindOf, proxyNumberOf } from '../../limits/catalog.ts'
import { isCause } from '../is-cause.ts'
import type { LimitState, Run } from '../../run/fold-run.ts'
import type { Finding, Rule } from '../finding.ts'
import type { Cause } from '../causes.ts'
import type { Evidence } from '../verdict.ts'
import { eventEvidence, exactMs, leftLine, limitEvidence, lineEvidence, limitPhrase, logEvidence, present, formatMs, scriptDoing, stackEvidence } from '../words.ts'
import { limitFix } from '../fixes.ts'
import { openLimitsAt } from '../open-limits.ts'
import { closedIdle } from './idle-close.ts'

/** A limit that did something at its deadline: the layer itself said so when its timer fired. */
export const limitsThatActed: Rule<Run> = {
  name: 'limits-that-acted',
  find: (run) => run.limits.filter((limit) => limit.fired?.effect === 'acted' && !closedIdle(limit)).flatMap((limit) => findingOf(run, limit)),
}

function findingOf(run: Run, limit: LimitState): Finding[] {
  const fired = limit.fired
  const cause = baseOf(limit.id)
  if (!fired || !isCause(cause)) return []
  const phrase = limitPhrase(limit, limit.id)
  return [{
    cause, limitId: limit.id, atMs: fired.atMs, confidence: 0.99,
    headline: `${subjectOf(limit.id)}: the ${phrase} fired while ${cause === 'proxy.queue' ? 'the request waited in its queue' : scriptDoing(run, fired.atMs)}.`,
    explanation: explanationOf(run, limit),
    evidence: present([
      eventEvidence(`${limit.id} fired at ${exactMs(fired.atMs)}`, fired), limitEvidence(limit),
      ...saidBy(run, limit.id, cause), stackEvidence(run, fired.atMs),
    ]),
    fix: limitFix(run, limit),
  }]
}

/** Lines that say so: of a proxy its own, of the others the flow's log, and the proxy's that saw its client leave for it. */
function saidBy(run: Run, limitId: string, cause: Cause): (Evidence | null)[] {
  const base = baseOf(limitId)
  if (base.startsWith('proxy.')) return [proxyLine(run, limitId) ?? logEvidence(run, /timed out|timeout/i)]
  const left = base.startsWith('client.') ? leftLine(run, 1) : undefined
  return [logEvidence(run, logOf[cause] ?? /context canceled|timed out|timeout/i), left ? lineEvidence(left) : null]
}

/** The line in which the proxy itself says so: nginx's error phrase (a stalled body has none, only status 408), HAProxy's termination state. */
function proxyLine(run: Run, limitId: string): Evidence | null {
  const hop = proxyNumberOf(limitId) ?? 1
  const lines = run.proxyLogs.filter((log) => log.hop === hop)
  const line = lines.find((log) => log.kind === 'error' && /timed out/.test(log.line)) ?? lines.find((log) => /^[sc][A-Z]/.test(String(log.fields.termination ?? ''))) ?? lines.find((log) => log.fields.status === 408)
  return line ? lineEvidence(line) : null
}

/** What the layer did, in three words or so. */
function subjectOf(limitId: string): string {
  const base = baseOf(limitId)
  const number = /^proxy(\d+)\./.exec(limitId)?.[1]
  const proxy = number ? `The proxy (hop ${number})` : 'The proxy'
  const subjects: Record<string, string> = {
    'client.connect': 'The client gave up connecting', 'client.first_byte': 'The client hung up', 'client.read': 'The client hung up', 'client.total': 'The client hung up',
    'proxy.connect': `${proxy} gave up connecting`, 'proxy.read': `${proxy} gave up waiting`, 'proxy.send': `${proxy} gave up sending`,
    'proxy.client_header': `${proxy} closed on the client`, 'proxy.client_body': `${proxy} closed on the client`, 'proxy.client_write': `${proxy} closed on the client`,
    'proxy.queue': `${proxy} had no free connection to upstream`,
    'gateway.read_header': 'The gateway closed the connection', 'gateway.read': 'The gateway stopped reading', 'gateway.handler': 'The gateway answered 503 instead of you', 'gateway.worker': 'The supervisor killed the gateway’s worker',
    'connector.queue': 'The connector had no free worker', 'connector.context': 'The connector killed your script', 'connector.python': 'The connector killed your script', 'wrapper.timeout': 'The Python wrapper ended your script',
    'platform.duration': 'The platform ended the invocation', 'platform.memory': 'The platform killed the invocation', 'platform.payload': 'The platform refused the payload',
    'os.cpu_time': 'The kernel killed your script', 'os.address_space': 'Python ran out of address space',
  }
  return subjects[base] ?? `The ${limitKindOf(limitId)?.layer ?? 'flow'} cut the request`
}

/** The log message that names the cut, per cause: also what users grep for. */
const logOf: Record<string, RegExp> = {
  'client.total': /total limit|context canceled/i, 'connector.context': /Python script execution timed out/, 'connector.python': /Python script execution timed out/,
  'connector.queue': /queue/i, 'gateway.handler': /handler|timeout/i, 'wrapper.timeout': /wrapper|timed out/i,
}

/** Deadlines closer than this (ms) fire in an order that is chance. */
const tieMs = 10

/** "That limit is client.total. Your 30 s, 60 s and 65 s limits were never close: the nearest, gateway.write, had 29.5 s left." */
function explanationOf(run: Run, limit: LimitState): string {
  const at = limit.fired?.atMs ?? 0
  // Of one that did act, the judge says so.
  const close = openLimitsAt(run, at - tieMs).find((other) => other.id !== limit.id && Math.abs(other.deadlineMs - at) <= tieMs && !run.limits.some(({ id, fired }) => id === other.id && fired))
  if (close) return `That limit is ${limit.id}. ${close.id} (${formatMs(close.value ?? 0)}) was due within ${tieMs} ms of it: another run may turn the order round.`
  const open = openLimitsAt(run, at).filter((other) => other.id !== limit.id)
  const nearest = open[0]
  // 1 s of it may take 3 s on a busy machine, or for ever in a script that waits.
  const named = `That limit is ${limit.id}${limit.id === 'os.cpu_time' ? ', which counts computing, not the time that passes' : ''}.`
  if (!nearest) return named
  const left = nearest.deadlineMs - at
  const values = [...new Set(open.map((other) => formatMs(other.value ?? 0)))]
  if (values.length < 2 || left < at) return `${named} The nearest other deadline, ${nearest.id}, had ${seconds(left)} left.`
  return `${named} Your ${values.slice(0, -1).join(', ')} and ${values.at(-1)} limits were never close: the nearest, ${nearest.id}, had ${seconds(left)} left.`
}

function seconds(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(0)} ms`
}
