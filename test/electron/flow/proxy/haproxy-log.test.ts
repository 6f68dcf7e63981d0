import { describe, expect, test } from 'vitest'
import { parseHaproxyLine } from '../../../../electron/flow/proxy/haproxy-log.ts'

const factsOf = (line: string) => parseHaproxyLine(line)?.facts.map((fact) => ('name' in fact ? `${fact.kind} ${fact.name}` : 'how' in fact ? `${fact.kind} ${fact.how}` : 'status' in fact ? `${fact.kind} ${fact.status}` : fact.kind))

/** Lines as HAProxy 2.6 wrote them. */
const lines: [string, string, string[]][] = [
  ['sH', '127.0.0.1:57790 [23/Nov/2026:16:53:16.273] fe be/s1 0/0/0/-1/501 504 198 - - sH-- 1/1/0/0/0 0/0 "GET /slow?ms=2000 HTTP/1.1"', ['limit read', 'answered 504']],
  ['sD', '127.0.0.1:53036 [23/Nov/2026:16:53:17.259] fe be/s1 0/0/0/1/502 200 1094 - - sD-- 1/1/0/0/0 0/0 "GET /hstall?ms=2000 HTTP/1.1"', ['limit read', 'cut_client fin']],
  ['sC', '127.0.0.1:43174 [23/Nov/2026:16:53:12.638] fe be/s1 0/0/-1/-1/502 503 217 - - sC-- 1/1/0/0/0 0/0 "GET /slow?ms=2000 HTTP/1.1"', ['limit connect', 'connect_failed', 'answered 503']],
  ['sQ', '127.0.0.1:43188 [23/Nov/2026:16:53:16.096] fe be/<NOSRV> 0/501/-1/-1/501 503 217 - - sQ-- 2/2/1/0/0 0/1 "GET /slow?ms=2000 HTTP/1.1"', ['limit queue', 'answered 503']],
  ['SC', '127.0.0.1:49714 [23/Nov/2026:20:48:24.407] fe be/s1 0/0/-1/-1/3008 503 217 - - SC-- 1/1/0/0/3 0/0 "GET /x HTTP/1.1"', ['connect_failed', 'upstream_ended refused', 'answered 503']],
  ['SH', '127.0.0.1:46072 [23/Nov/2026:16:53:06.107] fe be/s1 0/0/0/-1/301 502 209 - - SH-- 1/1/0/0/0 0/0 "GET /fin HTTP/1.1"', ['upstream_ended fin', 'answered 502']],
  ['PH', '127.0.0.1:43424 [23/Nov/2026:16:53:06.222] fe be/s1 0/0/0/-1/1 502 209 - - PH-- 1/1/0/0/0 0/0 "GET /garbage HTTP/1.1"', ['upstream_ended fin', 'answered 502']],
  ['SD', '127.0.0.1:41786 [23/Nov/2026:16:53:06.563] fe be/s1 0/0/0/0/301 200 1094 - - SD-- 1/1/0/0/0 0/0 "GET /partialfin HTTP/1.1"', ['upstream_ended fin', 'cut_client fin']],
  ['cR, header', '127.0.0.1:53026 [23/Nov/2026:16:53:13.389] fe fe/<NOSRV> -1/-1/-1/-1/501 408 0 - - cR-- 1/1/0/0/0 0/0 "<BADREQ>"', ['limit client_header', 'answered 408']],
  ['cR, body', '127.0.0.1:59802 [23/Nov/2026:16:53:11.439] fe fe/<NOSRV> -1/-1/-1/-1/501 408 232 - - cR-- 1/1/0/0/0 0/0 "POST /slow?ms=2000 HTTP/1.1"', ['limit client_body', 'answered 408']],
  ['cD', '127.0.0.1:41810 [23/Nov/2026:16:53:10.764] fe be/s1 0/0/0/1/510 200 2831758 - - cD-- 1/1/0/0/0 0/0 "GET /big?n=20000000 HTTP/1.1"', ['limit client_write', 'cut_client timeout']],
  ['CH', '127.0.0.1:41770 [23/Nov/2026:16:53:03.165] fe be/s1 0/0/0/-1/203 -1 0 - - CH-- 1/1/0/0/0 0/0 "GET /slow?ms=2000 HTTP/1.1"', ['client_left']],
  ['PR', '127.0.0.1:51566 [23/Nov/2026:16:53:04.392] fe fe/<NOSRV> 0/-1/-1/-1/0 403 192 - - PR-- 1/1/0/0/0 0/0 "GET /slow?ms=2000 HTTP/1.1"', ['answered 403']],
  ['----', '127.0.0.1:41770 [23/Nov/2026:16:53:03.165] fe be/s1 0/0/0/2003/2003 200 103 - - ---- 1/1/0/0/0 0/0 "GET /slow?ms=2000 HTTP/1.1"', []],
]

describe('a line of HAProxy proves by its termination state', () => {
  test.each(lines)('%s', (_, line, facts) => { expect(factsOf(line)).toEqual(facts) })
})
test('timers, status and start are read; -1 is "not reached"', () => {
  expect(parseHaproxyLine(lines[0]?.[1] ?? '')).toMatchObject({
    status: 504, state: 'sH', timers: { request: 0, queue: 0, connect: 0, response: null, total: 501 }, startEpochMs: new Date(2026, 10, 23, 16, 53, 16, 273).getTime(),
    fields: { status: 504, termination: 'sH--', Tr: null, Ta: 501 }, level: 'warn',
  })
})
test.each(['', 'Proxy fe started.', '\0\xff', 'x'.repeat(100_000), '127.0.0.1:1 [x] fe be/s1 0/0/0/0/0'])('what is no line of its HTTP log is none (%#)', (line) => {
  expect(parseHaproxyLine(line)).toBeNull()
})
