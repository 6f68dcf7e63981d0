import { formatMs } from '../../limits/units.ts'
import { lintOf, nameOf, type LintRule } from './lint.ts'

/** Limits whose clock does not count what their name suggests. */
export const idleNotTotal: LintRule = {
  id: 'idle-not-total',
  check: (limits) => limits.filter((limit) => limit.enforced && !limit.isDefault && limit.valueMs !== null).flatMap((limit) => {
    const say = (text: string) => [lintOf(`idle-not-total:${limit.file}:${limit.line}`, 'note', `${nameOf(limit)}: ${text}`, [limit])]
    if (limit.product === 'HAProxy' && limit.directive === 'timeout client' && limit.counts === 'wait') return say(`in mode tcp it also cuts a client that merely waits for its answer, after ${formatMs(limit.valueMs ?? 0)}.`)
    if (limit.cause === 'proxy.read' && limit.counts === 'wait' && ['nginx', 'HAProxy', 'Apache httpd'].includes(limit.product)) return say('counts between two reads, not the whole answer: an upstream that keeps sending is never cut by it.')
    if (['requests', 'httpx', 'urllib', 'urllib3', 'http.client', 'boto3'].includes(limit.product) && limit.counts === 'wait') return say('counts each wait for data, not the whole call: an answer that trickles is never cut by it.')
    if (limit.product === 'Go' && limit.directive === 'ReadTimeout') return say('covers reading the request only: a slow handler is not cut by it.')
    if (limit.cause === 'gateway.write' && limit.counts === 'total') return say('does not interrupt the handler: the client sees an empty reply when the handler ends, and nothing is logged.')
    if (limit.product === 'Node' && limit.directive === 'http.request timeout') return say('is only an event: nothing is cut unless the program destroys the request.')
    return []
  }).slice(0, 20),
}

/** Written down, and without effect. */
export const notInForce: LintRule = {
  id: 'not-in-force',
  check: (limits) => limits.filter((limit) => !limit.enforced && !limit.isDefault && limit.valueMs !== null).map((limit) => lintOf(`not-in-force:${limit.file}:${limit.line}`, 'note', `${nameOf(limit)} is not in force. ${limit.meaning}`, [limit])).slice(0, 20),
}

/** Checked now and then only. */
export const checkedLate: LintRule = {
  id: 'checked-late',
  check: (limits) => limits.filter((limit) => /may fire up to/.test(limit.meaning)).map((limit) => lintOf(`checked-late:${limit.file}:${limit.line}`, 'warning', `${nameOf(limit)}: ${limit.meaning}`, [limit])),
}
