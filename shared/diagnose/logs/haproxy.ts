import { factOf, hint, requestOf, type LogFact, type Sign } from './fact.ts'
import { numberOf, pathOf, placeOf, readLoose, readNamed } from './haproxy-formats.ts'
import { endingSign } from './haproxy-states.ts'
import { lineReader, type Line } from './reader.ts'
import { parseClfTime } from './time.ts'

const product = 'HAProxy'
const httpLine = /^(\S+:\d+|unix:\d+) \[([^\]]+)\] (\S+?)~? (\S+?)\/(\S+) ([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+) (-?\d+) \+?(\d+) \S+ \S+ (\S)(\S)(\S)(\S) \S+ \S+(?: \{[^}]*\}){0,2} "(.*?)"?$/
const tcpLine = /^(\S+:\d+|unix:\d+) \[([^\]]+)\] (\S+?)~? (\S+?)\/(\S+) ([-+\d]+)\/([-+\d]+)\/([-+\d]+) \+?(\d+) (\S)(\S) \S+ \S+/

/** HAProxy's HTTP, TCP and process lines; termination states as its manual's section 8.5 lists them. */
export const haproxyLog = lineReader('haproxy', product, (line) => readHttp(line) ?? readTcp(line) ?? readNamed(line) ?? readLoose(line) ?? readProcess(line))

function readHttp(line: Line): LogFact[] | null {
  const match = httpLine.exec(line.text)
  if (!match) return null
  const [, client, time, , , server, , , connect, header, total, status, bytes, who, when] = match
  const words = match[17] ?? ''
  const [method, url] = words === '<BADREQ>' ? [null, null] : words.split(' ')
  const code = Number(status)
  return [factOf({
    ...placeOf(line), timeMs: parseClfTime(time ?? '') ?? line.wrapperTimeMs, timeOf: 'start',
    request: requestOf({
      client: client ?? null, method: method ?? null, path: pathOf(url ?? undefined), status: code > 0 ? code : null, durationMs: numberOf(total), bytes: Number(bytes),
      upstreams: server === '<NOSRV>' ? [] : [{ address: server ?? null, status: null, connectMs: numberOf(connect), firstByteMs: numberOf(header), totalMs: null }],
    }),
    signs: [endingSign({ who: who ?? '-', when: when ?? '-', status: code, bytes: Number(bytes), tcp: false, noServer: server === '<NOSRV>', badRequest: words.startsWith('<BADREQ>'), totalMs: numberOf(total) })],
  })]
}

function readTcp(line: Line): LogFact[] | null {
  const match = tcpLine.exec(line.text)
  if (!match) return null
  const [, client, time, , , server, , connect, total, bytes, who, when] = match
  return [factOf({
    ...placeOf(line), timeMs: parseClfTime(time ?? '') ?? line.wrapperTimeMs, timeOf: 'start',
    request: requestOf({ client: client ?? null, durationMs: numberOf(total), bytes: Number(bytes), upstreams: [{ address: server ?? null, status: null, connectMs: numberOf(connect), firstByteMs: null, totalMs: null }] }),
    signs: [endingSign({ who: who ?? '-', when: when ?? '-', status: 0, bytes: Number(bytes), tcp: true, noServer: server === '<NOSRV>', badRequest: false, totalMs: numberOf(total) })],
  })]
}

const processLines: [RegExp, (match: RegExpExecArray) => Sign][] = [
  [/^(?:\[WARNING\][^:]*: )?Server (\S+) is DOWN, reason: (.{1,120})/, (match) => hint('proxy.backend_down', `server ${match[1]} was taken down: ${match[2]}`)],
  [/^(?:\[ALERT\][^:]*: )?(?:backend|proxy) '?(\S+?)'? has no server available/, (match) => hint('proxy.backend_down', `backend ${match[1]} had no server left`, { confidence: 0.8 })],
  [/^(?:\[\w+\][^:]*: )?(?:Proxy \S+ stopped|Stopping (?:frontend|backend|proxy) \S+|.*\bworker\b.*exited with code (?!0))/, () => hint('proxy.stopped', 'HAProxy was being stopped')],
]

function readProcess(line: Line): LogFact[] | null {
  if (line.origin !== null && !/^haproxy/i.test(line.origin)) return null
  for (const [pattern, sign] of processLines) {
    const match = pattern.exec(line.text)
    if (match) return [factOf({ ...placeOf(line), timeMs: line.wrapperTimeMs, signs: [sign(match)] })]
  }
  return line.origin === null ? null : []
}
