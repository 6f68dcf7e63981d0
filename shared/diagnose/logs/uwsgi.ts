import { acts, factOf, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import type { LogReader } from './reader.ts'
import { parseCtime } from './time.ts'

const product = 'uWSGI'
const dated = /^([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}) - (.*)$/s
const requestLine = /^\[pid: \d+\|app: -?\d+\|req: [^\]]+\] (\S+) \([^)]*\) \{[^}]*\} \[([^\]]+)\] (\S+) (\S+) => generated (\d+) bytes in (\d+) (msecs|micros)/

/** uWSGI's log: harakiri names itself; a worker that dies of a signal without one was killed from outside. */
export const uwsgiLog: LogReader = {
  id: 'uwsgi', product,
  open: () => {
    const state = { harakiri: false, own: false }
    return {
      take: (line) => {
        const stamp = dated.exec(line.text)
        const message = stamp?.[2] ?? line.text
        const timeMs = (stamp ? parseCtime(stamp[1] ?? '') : null) ?? line.wrapperTimeMs
        state.own ||= /uwsgi|SIGPIPE: writing to a closed pipe/i.test(message) || stamp !== null
        const place = { file: line.file, line: line.number, product, text: line.text }
        const access = requestLine.exec(message)
        if (access) {
          const factor = access[7] === 'micros' ? 0.001 : 1
          return [factOf({ ...place, timeMs: parseCtime(access[2] ?? ''), timeOf: 'start', request: requestOf({ client: access[1] ?? null, method: access[3] ?? null, path: access[4] ?? null, durationMs: Number(access[6]) * factor, bytes: Number(access[5]), status: Number(/\(HTTP\/[\d.]+ (\d{3})\)/.exec(message)?.[1] ?? '0') || null }) })]
        }
        const sign = signOf(message, state)
        if (sign) return [factOf({ ...place, timeMs, signs: [sign], request: requestIn(message) }) satisfies LogFact]
        return stamp || /uWSGI|^spawned |^\*\*\* |^worker \d+ buried|^gateway "/.test(message) ? [] : null
      },
      close: () => [],
    }
  },
}

function requestIn(message: string): LogFact['request'] {
  const match = /HARAKIRI \[core \d+\] (\S+) - (\S+) (\S+) since/.exec(message)
  return match ? requestOf({ client: match[1] ?? null, method: match[2] ?? null, path: match[3] ?? null }) : null
}

function signOf(message: string, state: { harakiri: boolean; own: boolean }): Sign | null {
  if (/HARAKIRI/.test(message)) {
    if (/end of worker/.test(message)) return null
    state.harakiri = true
    return acts('gateway.worker', 'the master killed a worker whose request took longer than `harakiri`', { directive: 'harakiri' })
  }
  const died = /DAMN ! (?:worker|mule|gateway) .*killed by signal (\d+)/.exec(message)
  if (died) {
    if (state.harakiri) return hint('gateway.worker', 'the worker that was too slow died', { directive: 'harakiri' })
    return acts('gateway.stopped', `a worker was killed by signal ${died[1]} from outside: the OOM killer, an operator, a crash`, { confidence: died[1] === '9' ? 0.88 : 0.92, orElse: ['os.oom_kill', 'os.killed'] })
  }
  if (!state.own) return null
  if (/Segmentation Fault/i.test(message)) return acts('gateway.stopped', 'a worker crashed')
  if (/listen queue of socket .* full/.test(message)) return hint('gateway.rejected', 'the listen queue was full: no worker was free', { confidence: 0.7, directive: 'listen' })
  if (/uwsgi_response_(?:write|sendfile)\w*\(\).*TIMEOUT/.test(message)) return acts('gateway.write', 'the answer could not be written within `socket-timeout`', { directive: 'socket-timeout' })
  if (/body.?read.*(?:TIMEOUT|timeout)|uwsgi_http_.*timeout|timeout.*Content-Length/i.test(message)) return acts('gateway.read', 'the request body did not arrive within `socket-timeout`', { directive: 'socket-timeout' })
  if (/uwsgi_response_write\w*\(\): |SIGPIPE: writing to a closed|OSError: write error|IOError: write error/.test(message)) return sees('client.canceled', 'uWSGI’s client left first')
  if (/hr_(?:instance_)?(?:read|connect)\w*\(\): .*(?:refused|reset)/i.test(message)) return hint('proxy.bad_gateway', 'the router lost its worker', { confidence: 0.6 })
  if (/SIGINT\/SIGTERM received|SIGINT\/SIGQUIT received|brutally|Gracefully killing worker/i.test(message)) return hint('gateway.stopped', 'uWSGI was told to stop', { confidence: 0.2 })
  if (/evil reload|^uWSGI.*OOM/.test(message)) return hint('gateway.stopped', 'a worker was recycled because of its memory', { confidence: 0.6 })
  return null
}
