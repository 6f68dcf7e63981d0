import { describe, expect, test } from 'vitest'
import { parseNginxLine } from '../../../../electron/flow/proxy/nginx-log.ts'

const error = (phrase: string, level = 'error') => `2026/11/23 16:53:46 [${level}] 15802#15802: *7 ${phrase}, client: 127.0.0.1, server: , request: "POST /transform HTTP/1.1", upstream: "http://127.0.0.1:20021/transform", host: "127.0.0.1:20020"`
const factsOf = (line: string) => parseNginxLine(line)?.facts.map((fact) => ('name' in fact ? `${fact.kind} ${fact.name}` : 'how' in fact ? `${fact.kind} ${fact.how}` : 'status' in fact ? `${fact.kind} ${fact.status}` : fact.kind))

describe('an error line of nginx proves', () => {
  test.each([
    ['upstream timed out (110: Connection timed out) while connecting to upstream', ['limit connect', 'connect_failed', 'answered 504']],
    ['upstream timed out (110: Connection timed out) while reading response header from upstream', ['limit read', 'answered 504']],
    ['upstream timed out (110: Connection timed out) while reading upstream', ['limit read', 'cut_client fin']],
    ['upstream timed out (110: Connection timed out) while sending request to upstream', ['limit send', 'answered 504']],
    ['client timed out (110: Connection timed out) while reading client request headers', ['limit client_header', 'cut_client timeout']],
    ['client timed out (110: Connection timed out) while reading client request body', ['limit client_body', 'cut_client timeout']],
    ['client timed out (110: Connection timed out) while sending to client', ['limit client_write', 'cut_client timeout']],
    ['connect() failed (111: Connection refused) while connecting to upstream', ['connect_failed', 'upstream_ended refused', 'answered 502']],
    ['upstream.cutoff.invalid could not be resolved (3: Host not found)', ['connect_failed', 'upstream_ended unreachable', 'answered 502']],
    ['upstream prematurely closed connection while reading response header from upstream', ['upstream_ended fin', 'answered 502']],
    ['upstream prematurely closed connection while reading upstream', ['upstream_ended fin', 'cut_client fin']],
    ['recv() failed (104: Connection reset by peer) while reading response header from upstream', ['upstream_ended rst', 'answered 502']],
    ['readv() failed (104: Connection reset by peer) while reading upstream', ['upstream_ended rst', 'cut_client fin']],
    ['upstream sent too big header while reading response header from upstream', ['upstream_ended fin', 'answered 502']],
    ['epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too (104: Connection reset by peer) while sending request to upstream', ['client_left']],
    ['a client request body is buffered to a temporary file /tmp/cb/0000000001', []],
    ['no live upstreams while connecting to upstream', []],
  ])('%s', (phrase, facts) => {
    expect(factsOf(error(phrase))).toEqual(facts)
    expect(parseNginxLine(error(phrase))).toMatchObject({ kind: 'error', connection: 7, request: 'POST /transform HTTP/1.1', fields: { phrase } })
  })
})

test('an access line gives status, times in ms and the connection', () => {
  const line = '127.0.0.1 - - [23/Nov/2026:20:49:46 +0000] "POST /transform HTTP/1.1" 504 167 "-" "cut"off" rt=0.505 uct="0.001" uht="-" urt="0.503" us="504" ua="127.0.0.1:33493" msec=1795466986.464 conn=12'
  expect(parseNginxLine(line)).toMatchObject({
    kind: 'access', level: 'warn', connection: 12, request: 'POST /transform HTTP/1.1',
    access: { status: 504, endEpochMs: 1795466986464, requestMs: 505, connectMs: 1, headerMs: null, responseMs: 503, upstreamStatus: 504 },
  })
})
test('of several upstreams the last one counts', () => {
  const line = '127.0.0.1 - - [23/Nov/2026:20:49:46 +0000] "GET / HTTP/1.1" 504 167 "-" "-" rt=1.002 uct="0.000, 0.002" uht="-, -" urt="0.501, 0.500" us="504, 502" ua="127.0.0.1:1, 127.0.0.1:2" msec=1.5 conn=1'
  expect(parseNginxLine(line)?.access).toMatchObject({ connectMs: 2, responseMs: 500, upstreamStatus: 502 })
})
test.each(['', 'hello', '[error]', '\0\xff', '127.0.0.1 - - [x] "y" 200', 'x'.repeat(100_000)])('what is no line of nginx is none (%#)', (line) => {
  expect(parseNginxLine(line)).toBeNull()
})
test('a request that imitates a log line changes nothing', () => {
  const line = error('upstream prematurely closed connection while reading response header from upstream').replace('/transform', '/upstream timed out while reading upstream')
  expect(factsOf(line)).toEqual(['upstream_ended fin', 'answered 502'])
})
