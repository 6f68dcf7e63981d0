import { flowNodes, type FlowNode } from '../../../shared/flow/layers.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import type { Verdict } from '../../../shared/verdict/verdict.ts'
import { nodeOf, toneOf } from '../../ui/layers.ts'
import { exactMs } from '../../ui/numbers.ts'
import { errorLineOf } from '../../state/script-line.ts'
import type { Outcome } from '../../state/verdict.ts'

/** What one node of the drawing says: what it did (bold for the culprit), and when. */
export interface FlowStep {
  node: FlowNode
  absent: boolean
  culprit: boolean
  /** A few words each; the second is usually the instant. */
  what: string
  when: string
  /** The cut travels along the edge that leaves this node to the right. */
  cancels: boolean
}

/** The drawing of the flow as a chain of consequences, outermost node first. Pure. */
export function flowSteps(run: Run, judged: { verdict: Verdict; outcome: Outcome } | null): FlowStep[] {
  const culprit = judged?.verdict.layer ? nodeOf(judged.verdict.layer) : null
  const cutMs = judged?.outcome === 'cut' ? judged.verdict.atMs : null
  const present = new Set<FlowNode>(run.spans.map((span) => toneOf(span.layer)).filter((tone) => tone !== 'os'))
  const killed = run.kills.length > 0
  const culpritIndex = culprit ? flowNodes.indexOf(culprit) : -1
  return flowNodes.map((node, index) => {
    const optional = node === 'network' || node === 'proxy'
    const absent = optional && !present.has(node) && node !== culprit
    const [what, when] = absent ? [run.ended ? 'not in this run' : 'not in this run', ''] : wordsOf(node, run, judged?.verdict ?? null, node === culprit)
    return { node, absent, culprit: node === culprit, what, when, cancels: cutMs !== null && killed && culprit !== 'python' && index >= Math.max(0, Math.min(culpritIndex, flowNodes.length - 2)) && index < flowNodes.length - 1 }
  })
}

function wordsOf(node: FlowNode, run: Run, verdict: Verdict | null, culprit: boolean): [what: string, when: string] {
  const fired = culprit && verdict?.limitId ? run.limits.find((limit) => limit.id === verdict.limitId)?.fired : null
  if (fired && verdict?.limitId) {
    const name = verdict.limitId.slice(verdict.limitId.indexOf('.') + 1).replaceAll('_', ' ')
    return fired.effect === 'late' ? [`${name} limit had passed`, exactMs(fired.passedAtMs ?? fired.atMs)] : [`${name} limit fires`, exactMs(fired.atMs)]
  }
  switch (node) {
    case 'client': return clientWords(run)
    case 'network': return networkWords(run)
    case 'proxy': return proxyWords(run)
    case 'gateway': return gatewayWords(run)
    case 'connector': return connectorWords(run)
    case 'python': return pythonWords(run)
  }
}

/** Faults of services (`gateway.stop`, `client.reuse`) are not the network's. */
function networkWords(run: Run): [string, string] {
  const fault = run.faults.find((event) => event.fault.startsWith('network.'))
  return fault ? [fault.action, exactMs(fault.atMs)] : ['passes bytes on', '']
}

function clientWords(run: Run): [string, string] {
  const { client } = run
  if (!client) return ['waiting', '']
  if (client.status !== null && client.complete) return [`gets status ${client.status}`, exactMs(client.atMs)]
  if (client.ended === 'aborted' || client.ended === 'timeout') return [run.stop ? 'stopped by you' : 'hangs up', exactMs(client.atMs)]
  return [client.bytes === 0 ? 'gets an empty reply' : 'gets a broken answer', exactMs(client.atMs)]
}

function answeredBy(run: Run, layer: string): [string, string] | null {
  const answer = run.answers.find((event) => event.layer === layer)
  return answer ? [`answers ${answer.status} by itself`, exactMs(answer.atMs)] : null
}

function leftBy(run: Run, layer: string) {
  return run.connections.find((event) => event.layer === layer && event.side === 'downstream' && event.by === 'peer' && !event.complete)
}

function proxyWords(run: Run): [string, string] {
  const left = leftBy(run, 'proxy')
  return answeredBy(run, 'proxy') ?? (left ? ['sees the close', exactMs(left.atMs)] : ['passes it on', ''])
}

function gatewayWords(run: Run): [string, string] {
  const cancel = run.cancels.find((event) => event.layer === 'gateway')
  if (cancel) return [cancel.cause === 'client_gone' ? 'sees the close, cancels' : 'cancels', exactMs(cancel.atMs)]
  const left = leftBy(run, 'gateway')
  if (left) return ['sees the close', exactMs(left.atMs)]
  const answered = answeredBy(run, 'gateway')
  if (answered) return answered
  if (run.client?.complete) return ['answer written', '']
  return run.stages.request_received ? ['handler open', ''] : ['not reached', '']
}

function connectorWords(run: Run): [string, string] {
  const kill = run.kills.find((event) => event.by === 'connector')
  if (kill) return [run.cancels.some((event) => event.layer === 'connector') ? 'context cancelled, kills' : `kills: ${kill.reason}`, exactMs(kill.atMs)]
  const cancel = run.cancels.find((event) => event.layer === 'connector')
  if (cancel) return ['context cancelled', exactMs(cancel.atMs)]
  const wait = run.queueEntered ? (run.queueLeft ? `queue ${formatMs(Math.round(run.queueLeft.waitedMs * 10) / 10)}` : 'waiting for a free worker') : ''
  if (run.exit) return [run.exit.exit.signal ? `sees signal ${run.exit.exit.signal}` : `exit status ${run.exit.exit.exitCode}`, wait]
  return run.stages.connector_started ? [run.process ? 'waiting for python' : run.ended ? 'python not started' : 'starting python', wait] : ['not reached', '']
}

function pythonWords(run: Run): [string, string] {
  const error = run.scriptError?.error
  const line = errorLineOf(run)
  if (error) return [`${error.type}${line === null ? '' : `, line ${line}`}`, exactMs(run.scriptError?.atMs ?? 0)]
  const exit = run.exit
  if (exit) {
    if (exit.exit.signal) return [`signal: ${exit.exit.signal === 'SIGKILL' ? 'killed' : exit.exit.signal}`, exactMs(exit.atMs)]
    const transform = run.spans.find((span) => span.name === 'transform' && span.endMs !== null)
    return transform?.endMs ? [`${exactMs(transform.endMs - transform.startMs)} of it`, 'in transform()'] : [`exit ${exit.exit.exitCode}`, exactMs(exit.atMs)]
  }
  return run.process ? ['running', ''] : ['not reached', '']
}
