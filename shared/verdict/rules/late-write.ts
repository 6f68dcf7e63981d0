import type { Run } from '../../run/fold-run.ts'
import type { Rule } from '../finding.ts'
import { eventEvidence, exactMs, formatMs, limitEvidence, limitOf, limitPhrase, present, scriptDoing, stackEvidence } from '../words.ts'
import { limitFix } from '../fixes.ts'
import { counted } from '../../text/counted.ts'

/**
 * Go's WriteTimeout: it passes in silence, and the answer is lost only when the handler ends. The cut shows at a time that
 * matches no limit, so the limit's own deadline is the evidence, not the elapsed time.
 */
export const lateWrite: Rule<Run> = {
  name: 'late-write',
  find(run) {
    const limit = limitOf(run, 'gateway.write')
    const fired = limit?.fired
    if (!limit || !fired || fired.effect !== 'late') return []
    const passed = fired.passedAtMs ?? limit.deadlineMs
    // Where it was then is what to change; how it stood when the answer was lost says nothing.
    const doing = passed === null || !run.process || run.process.atMs > passed || (run.exit && run.exit.atMs < passed) ? '' : `, while ${scriptDoing(run, passed)}`
    return [{
      cause: 'gateway.write', limitId: 'gateway.write', atMs: fired.atMs, confidence: 0.98,
      headline: `The gateway lost your answer: the ${limitPhrase(limit, limit.id)} had passed${passed === null ? '' : ` at ${formatMs(passed)}${doing}`}, so ${receiverOf(run)} got an empty reply at ${formatMs(fired.atMs)}${run.client?.status ? `, and the client status ${run.client.status}` : ''}.`,
      explanation: 'gateway.write is Go’s WriteTimeout. It does not interrupt the handler and logs nothing: the script runs to its end, its answer is written "successfully", and whoever waits for it sees the connection close. The elapsed time therefore matches no limit.',
      evidence: present([
        eventEvidence(`the answer was written at ${exactMs(fired.atMs)}, ${passed === null ? 'after' : `${formatMs(fired.atMs - passed)} after`} the write deadline`, fired),
        limitEvidence(limit), passed === null ? null : stackEvidence(run, passed),
        run.client ? { kind: 'client', text: run.client.status ? `the client got status ${run.client.status}, ${counted(run.client.bytes, 'byte')}` : `the client got ${counted(run.client.bytes, 'byte')}, then the end of the connection`, ref: `event:${run.client.seq}` } : null,
      ]),
      fix: limitFix(run, limit),
      excludes: [{ cause: 'network.closed', why_not: 'the gateway closed the connection itself, right after writing an answer past its deadline' }],
    }]
  },
}

/** Who waits at the other end of the gateway's connection. */
function receiverOf(run: Run): string {
  const proxies = run.plan?.proxies.length ?? 0
  return proxies === 0 ? 'the client' : proxies === 1 ? 'the proxy' : `the proxy (hop ${proxies})`
}
