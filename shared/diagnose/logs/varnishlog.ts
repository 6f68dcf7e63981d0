import { acts, factOf, fine, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import type { Line, LogReader } from './reader.ts'

const product = 'Varnish'
const head = /^(\*+|-+)? *<< (Request|BeReq|Session) +>> (\d+)/
const tagLine = /^(?:-+|\d+) +(\w+)(?:(?: +[bc-])? +(.*?))?\s*$/
/** Tags kept of one transaction; one with more is a stream of something else. */
const mostTags = 2000

interface Transaction { file: string; line: number; id: string; tags: [string, string][] }

/** `varnishlog -g request` (or raw groups): a transaction is collected and judged when the next one begins. */
export const varnishLog: LogReader = {
  id: 'varnishlog', product,
  open: () => {
    let open: Transaction | null = null
    // `-g raw`: the lines of many transactions are interleaved, each with the number of its own.
    const raw = new Map<string, Transaction>()
    const finish = () => {
      const facts = open ? factsOf(open) : []
      open = null
      return facts
    }
    return {
      take: (line) => {
        const start = head.exec(line.text)
        if (start) {
          // A backend request belongs to the client request it serves: only a new top-level group ends the open one.
          const nested = open !== null && (start[1]?.length ?? 1) > 1
          const facts = nested ? [] : finish()
          open ??= { file: line.file, line: line.number, id: start[3] ?? '', tags: [] }
          return facts
        }
        if (!open) return takeRaw(raw, line)
        const tag = tagLine.exec(line.text)
        if (tag && open.tags.length < mostTags) open.tags.push([tag[1] ?? '', tag[2] ?? ''])
        return tag || line.text.trim() === '' ? [] : null
      },
      close: () => [...finish(), ...[...raw.values()].flatMap(factsOf)],
    }
  },
}

/** Transactions that are open at once in one file. */
const mostOpen = 2000

function takeRaw(open: Map<string, Transaction>, line: Line): LogFact[] | null {
  const match = /^ {2,}(\d+) (\w+) +([bc-]) ?(.*?)\s*$/.exec(line.text)
  if (!match) return null
  const id = match[1] ?? ''
  const transaction = open.get(id) ?? { file: line.file, line: line.number, id, tags: [] }
  if (match[2] === 'End') {
    open.delete(id)
    return factsOf(transaction)
  }
  if (open.size < mostOpen) open.set(id, transaction)
  if (transaction.tags.length < mostTags) transaction.tags.push([match[2] ?? '', match[4] ?? ''])
  return []
}

function factsOf(transaction: Transaction): LogFact[] {
  const first = (tag: string) => transaction.tags.find(([name]) => name === tag)?.[1] ?? null
  const all = (tag: string) => transaction.tags.filter(([name]) => name === tag).map(([, value]) => value)
  const stamps = all('Timestamp').map((value) => /^(\w+): ([\d.]+) ([\d.]+)/.exec(value))
  const stamp = (name: string) => stamps.find((match) => match?.[1] === name) ?? null
  const end = stamp('Resp') ?? stamp('PipeSess') ?? null
  const accounts = (first('ReqAcct') ?? '').split(' ').map(Number)
  const length = all('RespHeader').map((header) => /^Content-Length: (\d+)/i.exec(header)?.[1]).find((value) => value !== undefined)
  const facts = { fetchErrors: all('FetchError'), closes: all('BackendClose'), sessionCloses: all('SessClose'), pipe: end?.[1] === 'PipeSess', sentBytes: accounts[4] ?? null, length: length ? Number(length) : null, status: Number(first('RespStatus')) || null, bodyFetched: stamp('BerespBody') !== null, synthesised: all('VCL_call').includes('SYNTH') && all('BereqURL').length === 0 }
  const started = stamp('Start')
  return [factOf({
    file: transaction.file, line: transaction.line, product, thread: `vxid:${transaction.id}`, timeOf: 'start', timeMs: started ? Number(started[2]) * 1000 : null,
    text: summary(transaction, facts.fetchErrors, facts.sessionCloses, end),
    request: first('ReqURL') ? requestOf({ method: first('ReqMethod'), path: first('ReqURL'), status: facts.status, durationMs: end ? Number(end[3]) * 1000 : null, bytes: facts.sentBytes, client: first('ReqStart')?.split(' ')[0] ?? null }) : null,
    signs: signsOf(facts),
  })]
}

function summary(transaction: Transaction, errors: string[], closes: string[], end: RegExpExecArray | null): string {
  const parts = [`varnish transaction ${transaction.id}`, ...errors.map((text) => `FetchError ${text}`), ...closes.map((text) => `SessClose ${text}`)]
  if (end) parts.push(`${end[1]} after ${end[3]} s`)
  return parts.join(', ')
}

interface Known { fetchErrors: string[]; closes: string[]; sessionCloses: string[]; pipe: boolean; sentBytes: number | null; length: number | null; status: number | null; bodyFetched: boolean; synthesised: boolean }

const fetchErrors: [RegExp, () => Sign][] = [
  [/req\.body read error/i, () => acts('proxy.client_body', 'the request body stalled longer than `timeout_idle`', { directive: 'timeout_idle' })],
  // Older versions name the state of their connection: idle is one that sent nothing.
  [/first byte timeout|HTC (?:idle|status 3)|first read error: -1 11\b/i, () => acts('proxy.read', 'no header came from the backend within `first_byte_timeout`', { directive: 'first_byte_timeout' })],
  [/between bytes timeout|HTC timeout|Receive timeout/i, () => acts('proxy.read', 'the backend paused longer than `between_bytes_timeout`', { directive: 'between_bytes_timeout' })],
  [/fail errno 110|fail errno 11\b|Connection timed out|connect timeout/i, () => acts('proxy.connect', 'the backend did not accept within `connect_timeout`', { directive: 'connect_timeout' })],
  [/fail errno|Connection refused/i, () => acts('proxy.refused', 'the backend could not be reached')],
  [/unhealthy|no backend|No backend/i, () => acts('proxy.backend_down', 'no healthy backend was left')],
  [/busy/i, () => acts('proxy.queue', 'the backend had `max_connections` in use', { directive: 'max_connections' })],
  [/Resource temporarily unavailable/i, () => acts('proxy.read', 'a read from the backend timed out: it paused longer than `between_bytes_timeout`', { directive: 'between_bytes_timeout', confidence: 0.92 })],
  [/HTC eof|eof|insufficient bytes|straight|chunked|closed|http format error|bad/i, () => sees('proxy.bad_gateway', 'the backend closed or sent something invalid before its answer was complete')],
  [/could not get storage|workspace|overflow/i, () => acts('proxy.bad_gateway', 'Varnish had no room for the answer', { directive: 'storage' })],
]

function signsOf(known: Known): Sign[] {
  const timedOutBody = known.closes.some((text) => /Receive timeout/i.test(text)) && known.fetchErrors.every((text) => !/first byte/i.test(text))
  for (const text of known.fetchErrors.toSorted((a, b) => Number(/req\.body/.test(b)) - Number(/req\.body/.test(a)))) {
    const found = fetchErrors.find(([pattern]) => pattern.test(text))
    if (found) return [timedOutBody && !/errno|first byte/i.test(text) ? acts('proxy.read', 'the backend paused longer than `between_bytes_timeout`', { directive: 'between_bytes_timeout' }) : found[1]()]
  }
  if (known.synthesised && (known.status ?? 0) >= 400) return [acts('proxy.rejected', `the configuration answered ${known.status} itself (synth)`, { directive: 'return (synth)', confidence: known.status !== null && known.status < 500 ? 0.9 : 0.7 })]
  if (known.pipe) return [hint('proxy.idle', 'the request was piped: such a connection ends with either side or after `pipe_timeout` of silence', { confidence: 0.75, directive: 'pipe_timeout', orElse: ['network.closed'] })]
  const close = known.sessionCloses[0] ?? ''
  if (/RX_TIMEOUT/.test(close)) return [hint('proxy.client_header', 'the session waited for a request longer than `timeout_idle`', { directive: 'timeout_idle', orElse: ['proxy.idle'] })]
  if (known.length !== null && known.sentBytes !== null && known.sentBytes < known.length && known.bodyFetched) {
    return [acts('proxy.client_write', 'Varnish had the whole answer and could not send it: the client did not read for `idle_send_timeout` or `send_timeout`', { directive: 'send_timeout', confidence: 0.9, orElse: ['client.canceled'] })]
  }
  if (/TX_ERROR|TX_EOF/.test(close)) return [hint('proxy.client_write', 'the answer could not be sent', { directive: 'send_timeout', orElse: ['client.canceled'] })]
  return known.status ? [fine(`answered ${known.status}`)] : []
}
