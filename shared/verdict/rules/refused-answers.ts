import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, formatMs, lineEvidence, present } from '../words.ts'
import { counted } from '../../text/counted.ts'

/**
 * Upstream answered, and the proxy would not pass the answer on: a head that is too large for it, or that is not HTTP. Told by the
 * phrase of nginx's error log or HAProxy's termination state `PH`. Upstream takes its own answer for delivered.
 */
export const refusedAnswers: Rule<Run> = {
  name: 'refused-answers',
  find: (run) => [...run.proxyLogs.flatMap((log) => findingOf(run, log)), ...byClient(run)],
}

function findingOf(run: Run, log: EventOf<'proxy_log'>): Finding[] {
  const kind = kindOf(log)
  if (kind === null) return []
  const answer = run.answers.find((event) => event.layer === 'proxy' && event.hop === log.hop && event.status === 502)
  // Rubbish that the network put in the place of the answer is the network's. The proxy's log has whole milliseconds: no order can be told from it.
  if (!answer || run.faults.some((fault) => fault.fault.startsWith('network.garbage') && hopBehind(fault.place) > log.hop)) return []
  return [{
    cause: 'proxy.bad_gateway', limitId: null, atMs: answer.atMs, confidence: kind === 'refused' ? 0.92 : 0.96,
    headline: `The proxy (hop ${log.hop}) refused the answer from behind it and said 502 at ${formatMs(answer.atMs)}: ${headlines[kind]}.`,
    explanation: 'Nothing ran out of time. The answer was made and sent, and the hop that made it counts it as delivered; the proxy could not take its head and put a 502 in its place.',
    evidence: present([
      lineEvidence(log), eventEvidence(`hop ${log.hop} answered 502 by itself`, answer),
      run.stages.script_finished ? eventEvidence(`the script had finished at ${formatMs(run.stages.script_finished.atMs)}`, run.stages.script_finished) : null,
    ]),
    fix: fixes[kind],
    excludes: [{ cause: 'gateway.stopped', why_not: 'the connection to upstream was alive: an answer came over it' }],
  }]
}

/** The number of the hop that a link leads to: 1 is the first proxy, the gateway comes after all of them. */
function hopBehind(place: string): number {
  return place === 'gateway' ? Infinity : Number(/^proxy(\d+)$/.exec(place)?.[1] ?? 1)
}

/** Nobody in between looked: the client itself could not read the answer. */
function byClient(run: Run): Finding[] {
  const { client } = run
  if (client?.ended !== 'aborted' || !client.error?.startsWith('the answer is not HTTP')) return []
  return [{
    cause: 'network.protocol', limitId: null, atMs: client.atMs, confidence: 0.9,
    headline: `The client could not read the answer at ${formatMs(client.atMs)}: ${client.error}.`,
    explanation: 'Nothing ran out of time: bytes came, and they are not HTTP as the client knows it.',
    evidence: present([{ kind: 'client', text: `the client saw ${counted(client.bytes, 'byte')}: ${client.error}`, ref: `event:${client.seq}` }]),
    fix: [valid],
  }]
}

type Kind = 'too_big' | 'invalid' | 'refused'

function kindOf(log: EventOf<'proxy_log'>): Kind | null {
  const phrase = String(log.fields.phrase ?? '')
  if (/upstream sent too big header/.test(phrase)) return 'too_big'
  if (/upstream sent (?:invalid|duplicate|unsupported|no valid)/.test(phrase)) return 'invalid'
  if (log.product === 'haproxy' && /^PH/.test(String(log.fields.termination ?? ''))) return 'refused'
  return null
}

const headlines: Record<Kind, string> = {
  too_big: 'its header is larger than the proxy’s buffer', invalid: 'its header is not valid HTTP', refused: 'its header is not valid HTTP, or larger than the proxy’s buffer',
}
const smaller = 'Send less in headers: cookies and tracing headers are what grows.'
const bigger = 'nginx takes as much as proxy_buffer_size (4 KB by default), HAProxy as much as tune.bufsize less tune.maxrewrite (15 KB).'
const valid = 'Ask the service that answered directly, with curl -v --raw: look for control characters, blanks in names, two lengths.'
const fixes: Record<Kind, string[]> = { too_big: [smaller, bigger], invalid: [valid], refused: [valid, smaller, bigger] }
