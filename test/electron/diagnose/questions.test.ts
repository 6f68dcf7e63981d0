import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { diagnosisText } from '../../../electron/diagnose/diagnosis-text.ts'
import { parseAround, runDiagnose, type DiagnoseArguments } from '../../../electron/diagnose/run-diagnose.ts'

const ask = (files: Record<string, string>, more: Partial<DiagnoseArguments> = {}) => runDiagnose({ paths: [], texts: Object.entries(files).map(([file, text]) => ({ file, text })), ...more })

/** A line of nginx with its upstream's times. `ms` counts from 03:10:00. */
const line = (atS: number, path: string, status: number, seconds: number, zone = '+0000') => {
  const at = new Date(Date.UTC(2026, 2, 14, 3, 10, atS) + (zone === '+0100' ? 3_600_000 : 0)).toISOString()
  const failed = status >= 500
  return `203.0.113.9 - - [14/Mar/2026:${at.slice(11, 19)} ${zone}] "GET ${path} HTTP/1.1" ${status} 160 "-" "curl" rt=${seconds.toFixed(3)} uct="0.001" uht="${failed || status === 499 ? '-' : '0.010'}" urt="${seconds.toFixed(3)}" us="${status === 499 ? '-' : status}" ua="10.0.0.1:80" rid=r-${path.slice(2)}`
}
const fifty = Array.from({ length: 50 }, (_, index) => line(index * 30, `/p${index}`, { 17: 504, 30: 502, 40: 499 }[index] ?? 200, index === 17 ? 12 : 0.1)).join('\n')

describe('logs in which nothing was cut', () => {
  test.each([
    ['nginx', { 'access.log': [line(1, '/a', 200, 0.1), line(2, '/b', 304, 0.1), line(3, '/c', 404, 0.1)].join('\n') }],
    ['an access log', { 'access.log': '203.0.113.9 - - [14/Mar/2026:03:11:37 +0100] "GET /a HTTP/1.1" 200 5 "-" "curl"' }],
    ['HAProxy', { 'haproxy.log': 'Mar 14 02:11:37 lb1 haproxy[2214]: 203.0.113.9:51344 [14/Mar/2026:02:11:07.012] fe be/app1 0/0/1/20/22 200 198 - - ---- 1/1/0/0/0 0/0 "GET /x HTTP/1.1"' }],
    ['the transformation service', { 'gateway.log': '{"time":"2026-03-14T02:11:07.010Z","level":"info","msg":"Python script execution completed","execution_time_ms":120,"has_error":false}' }],
  ])('%s: none, and never quite sure', async (_name, files: Record<string, string>) => {
    const { verdict } = await ask(files)
    expect(verdict.cause).toBe('none')
    expect(verdict.confidence).toBeLessThan(0.9)
  })
  test('a client that left is an ordinary answer to HAProxy: it stays possible', async () => {
    const { verdict } = await ask({ 'haproxy.log': 'Mar 14 02:11:37 lb1 haproxy[2214]: 203.0.113.9:51344 [14/Mar/2026:02:11:07.012] fe be/app1 0/0/1/2000/2002 200 198 - - ---- 1/1/0/0/0 0/0 "GET /x HTTP/1.1"' })
    expect(verdict.candidates).toEqual(['none', 'client.canceled'])
  })
  test('an error that was answered is no cut, and nobody guesses which it was', async () => {
    const { verdict } = await ask({ 'access.log': '203.0.113.9 - - [14/Mar/2026:03:11:37 +0100] "GET /a HTTP/1.1" 500 5 "-" "curl"' })
    expect(verdict.cause).toBe('unknown')
    expect(verdict.candidates).toContain('script.exception')
  })
})

test('nothing of a log reaches the terminal as a command or turns the direction of writing', async () => {
  const diagnosis = await ask({ 'nginx.log': `2026/03/14 03:10:12 [error] 7#7: *1 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 10.0.0.9, server: _, request: "GET /p\u001b]0;owned\u0007\u202e HTTP/1.1", upstream: "http://10.0.0.1:80/p", host: "\u001b[2Jhost"` })
  expect(JSON.stringify(diagnosis)).toContain(String.raw`\u001b`)
  const text = diagnosisText(diagnosis)
  expect(text).toContain('‹\\u202e›')
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
})

describe('files that say nothing', () => {
  test.each([['an empty log', ''], ['blank lines', '\n\n'], ['prose', 'Dear all,\nthe timeout of the meeting was exceeded.\n'], ['somebody else’s syslog', 'Mar 14 02:11:07 web1 CRON[812]: (root) CMD (run-parts /etc/cron.hourly)']])('%s: unknown, with what to bring', async (_name, text) => {
    const { verdict } = await ask({ 'some.log': text })
    expect(verdict).toMatchObject({ cause: 'unknown', candidates: ['unknown'] })
    expect(verdict.need.length).toBeGreaterThanOrEqual(2)
  })
  test('an entry cut in the middle leaves open what its missing half would tell', async () => {
    const { verdict } = await ask({ 'error.log': '2026/03/14 03:11:37 [error] 31#31: *4 upstream timed out (110: Connec' })
    expect(verdict.candidates).toEqual(['proxy.read', 'proxy.connect', 'proxy.send'])
    expect(verdict.confidence).toBeLessThan(0.9)
  })
})

describe('several requests in one log', () => {
  test('the worst is judged, the others that may be meant are told', async () => {
    const { verdict } = await ask({ 'access.log': fifty })
    expect(verdict).toMatchObject({ cause: 'proxy.read' })
    expect(verdict.candidates).toEqual(expect.arrayContaining(['proxy.bad_gateway', 'client.canceled']))
    expect(verdict.confidence).toBeLessThan(0.9)
    expect(verdict.need[0]?.how).toContain('--request')
  })
  test.each([['r-17', 'proxy.read'], ['r-30', 'proxy.bad_gateway'], ['/p40', 'client.canceled'], ['r-5', 'none']])('--request %s: %s', async (request, cause) => {
    expect((await ask({ 'access.log': fifty }, { request })).verdict.cause).toBe(cause)
  })
  test('--request that nobody names: no other request is judged instead', async () => {
    const { verdict, notes } = await ask({ 'access.log': fifty }, { request: 'r-4711' })
    expect(verdict.cause).toBe('unknown')
    expect(notes.map((note) => note.text).join()).toContain('r-4711')
  })
  test.each([['2026-03-14T03:18:30Z', 'proxy.read'], ['14/Mar/2026:04:25:00 +0100', 'proxy.bad_gateway'], ['Sat, 14 Mar 2026 03:30:00 GMT', 'client.canceled']])('--around %s: %s', async (around, cause) => {
    expect((await ask({ 'access.log': fifty }, { aroundMs: parseAround(around) })).verdict.cause).toBe(cause)
  })
  test('--around a moment of which nothing was logged', async () => {
    const { verdict, notes } = await ask({ 'access.log': fifty }, { aroundMs: parseAround('2026-03-14T09:00:00Z') })
    expect(verdict.cause).toBe('unknown')
    expect(notes.map((note) => note.text).join()).toContain('within ten minutes')
  })
  test('the answer’s own Date tells which of two equal answers it was', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cutoff-questions-'))
    try {
      const saw = join(folder, 'saw.json')
      await writeFile(saw, JSON.stringify({ status: 'HTTP/1.1 502 Bad Gateway', headers: ['Server: nginx/1.22.1', 'Date: Sat, 14 Mar 2026 03:10:09 GMT'], body_prefix: '<center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.22.1</center>', complete: true, end: 'open', elapsed_ms: 1 }))
      const refused = '203.0.113.9 - - [14/Mar/2026:03:10:02 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl" rt=0.000 uct="-" uht="-" urt="0.000" us="502" ua="10.0.0.1:80"'
      const noneLeft = '203.0.113.9 - - [14/Mar/2026:03:10:09 +0000] "GET /b HTTP/1.1" 502 157 "-" "curl" rt=0.000 uct="-" uht="-" urt="0.000" us="502" ua="app"'
      expect((await ask({ 'access.log': `${refused}\n${noneLeft}\n` }, { saw: [saw] })).verdict.cause).toBe('proxy.backend_down')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('a folder', () => {
  test('links to files are followed, once; what is only available is not in force', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cutoff-folder-'))
    try {
      await mkdir(join(folder, 'sites-available'))
      await mkdir(join(folder, 'sites-enabled'))
      await writeFile(join(folder, 'nginx.conf'), 'events {}\nhttp {\n  include /etc/nginx/sites-enabled/*;\n}\n')
      for (const [name, seconds] of [['api', 7], ['old', 9]]) await writeFile(join(folder, 'sites-available', String(name)), `server { listen 80; location / { proxy_pass http://a; proxy_read_timeout ${seconds}s; } }\n`)
      await symlink(join(folder, 'sites-available/api'), join(folder, 'sites-enabled/api'))
      await symlink(join(folder, 'gone'), join(folder, 'sites-enabled/gone'))
      const { limits, notes } = await runDiagnose({ paths: [folder] })
      expect(limits.filter((limit) => limit.directive === 'proxy_read_timeout').map((limit) => [limit.file, limit.valueMs, limit.enforced])).toEqual(expect.arrayContaining([['sites-enabled/api', 7000, true], ['sites-available/old', 9000, false]]))
      expect(limits.some((limit) => limit.file === 'sites-available/api')).toBe(false)
      expect(notes).toEqual([{ file: 'sites-enabled/gone', line: null, text: 'a link that leads nowhere' }])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('standard input', () => {
  async function* piped(...chunks: (Buffer | string)[]): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  const readOf = (...chunks: (Buffer | string)[]) => runDiagnose({ paths: [], streams: [{ file: 'standard input', stream: piped(...chunks) }] })
  const timedOut = '2026/03/14 02:11:07 [error] 31#31: *4 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.9, server: x, request: "GET / HTTP/1.1", upstream: "http://10.3.0.17:8080/", host: "x"\n'
  test('may be a log, a configuration, packed, wide, empty or binary', async () => {
    expect((await readOf(timedOut)).verdict).toMatchObject({ cause: 'proxy.read', product: 'nginx' })
    expect((await readOf('events {}\nhttp { server { listen 80; location / { proxy_pa', 'ss http://a; proxy_read_timeout 7s; } } }\n')).limits.find((limit) => limit.line === 2)).toMatchObject({ directive: 'proxy_read_timeout', valueMs: 7000, file: 'standard input' })
    expect((await readOf(gzipSync(timedOut))).verdict.cause).toBe('proxy.read')
    expect((await readOf(Buffer.from(`\uFEFF${timedOut}`, 'utf16le'))).verdict.cause).toBe('proxy.read')
    expect((await readOf()).notes.map((note) => note.text)).toEqual(['is empty'])
    expect((await readOf(Buffer.from([1, 0, 2, 0, 3]))).notes.map((note) => note.text)).toEqual(['is binary: left out'])
    expect((await readOf(gzipSync(timedOut).subarray(0, 40))).notes.map((note) => note.text)).toEqual([expect.stringContaining('could not be read to its end')])
  })
  test('of any length is read in pieces, the one bad entry found', async () => {
    const fine = '10.1.1.1 - - [17/Jun/2026:00:00:00 +0000] "GET /ok HTTP/1.1" 200 1 "-" "x" rt=0.1 uct="0.0" uht="0.1" urt="0.1" us="200" ua="10.0.0.1:80"\n'
    const block = fine.repeat(8000)
    const bad = fine.replace('/ok', '/bad').replace(' 200 1 ', ' 504 167 ').replace('rt=0.1', 'rt=60.001').replace('us="200"', 'us="504"').replace('uht="0.1" urt="0.1"', 'uht="-" urt="60.000"')
    const { verdict, sources } = await readOf(...Array.from({ length: 18 }, () => block), bad, block)
    expect(verdict).toMatchObject({ cause: 'proxy.read' })
    expect(verdict.evidence.map((item) => item.ref)).toContain('log:standard input:144001')
    expect(sources).toMatchObject([{ kind: 'access log', lines: 152_001 }])
  })
  test('limits that are known already are not asked for', async () => {
    expect((await readOf('python:\n  timeout: 30s\n')).verdict.need.map((need) => need.what)).not.toContain('the configured limits')
  })
})

describe('one request in several files', () => {
  const gateway = (atS: number, message: string, more: object = {}) => JSON.stringify({ time: new Date(Date.UTC(2026, 2, 14, 3, 10, atS)).toISOString(), level: 'info', msg: message, request_id: 'r-convert', ...more })
  const error = '2026/03/14 04:10:40 [error] 31#31: *4 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.9, server: _, request: "GET /convert HTTP/1.1", upstream: "http://10.0.0.1:80/convert", host: "x"'
  test('is brought together by its id, whatever zone each file counts in, and drawn with its stages', async () => {
    const access = line(40, '/convert', 504, 30, '+0100').replace('rid=r-onvert', 'rid=r-convert')
    const { verdict, stages, sources } = await ask({ 'access.log': access, 'error.log': error, 'gateway.log': [gateway(10, 'Request received'), gateway(11, 'Starting Python script execution', { timeout_seconds: 65 })].join('\n') })
    expect(verdict).toMatchObject({ cause: 'proxy.read', product: 'nginx', directive: 'proxy_read_timeout' })
    expect(stages.map((stage) => [stage.id, stage.atMs])).toEqual([['request_received', 0], ['connector_started', null], ['script_started', 1000], ['script_finished', null], ['response_returned', null]])
    expect(sources.map((source) => [source.file, source.skewMs])).toEqual([['access.log', 0], ['error.log', 3_600_000], ['gateway.log', 0]])
  })
  test('a clock that is off is told, and an entry from the request’s beginning is not taken for one', async () => {
    const lines = ['convert', 'list', 'show'].map((name, index) => line(40 + index, `/${name}`, 200, 5).replace(/rid=.*/, `rid=${name}`))
    const begins = (ahead: number) => ['convert', 'list', 'show'].map((name, index) => gateway(35 + index + ahead, 'Request received', { request_id: name, path: `/${name}` })).join('\n')
    const skewOf = async (ahead: number) => (await ask({ 'access.log': lines.join('\n'), 'gateway.log': begins(ahead) })).sources.find((source) => source.file === 'gateway.log')?.skewMs
    expect(await skewOf(0)).toBe(0)
    expect(await skewOf(60)).toBe(60_000)
  })
})
