import { acts, factOf, hint, sees, type LogFact, type Sign } from './fact.ts'
import type { LogReader } from './reader.ts'
import { parseAnyTime, parseIsoTime } from './time.ts'

const product = 'gunicorn'
const logLine = /^\[(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?: [+-]\d{4})?)\] \[(\d+)\] \[(\w+)\] (.*)$/s

const ownWords = /WORKER TIMEOUT \(pid:.*|Worker \(pid: ?\d+\) was (?:sent|terminated).*/

/**
 * gunicorn's error log. WORKER TIMEOUT is its own act; a worker that ends by a signal without one was killed by somebody else.
 * Entries after a WORKER TIMEOUT of the same worker are its consequence.
 */
export const gunicornLog: LogReader = {
  id: 'gunicorn', product,
  open: () => {
    const timedOut = new Set<string>()
    return {
      take: (line) => {
        const match = logLine.exec(line.text)
        // Log configurations and collectors take the head off: these words are nobody else's.
        const message = match?.[4] ?? ownWords.exec(line.text)?.[0]
        if (message === undefined) return null
        const sign = signOf(message, timedOut)
        if (!sign) return []
        return [factOf({ file: line.file, line: line.number, product, text: line.text, timeMs: (match ? parseIsoTime(match[1] ?? '') : parseAnyTime(line.text)) ?? line.wrapperTimeMs, thread: pidIn(message), signs: [sign] }) satisfies LogFact]
      },
      close: () => [],
    }
  },
}

/** Workers remembered of one file. */
const mostWorkers = 10_000

function signOf(message: string, timedOut: Set<string>): Sign | null {
  if (/WORKER TIMEOUT/.test(message)) {
    if (timedOut.size < mostWorkers) timedOut.add(pidIn(message) ?? '')
    return acts('gateway.worker', 'the arbiter killed a worker that was silent for `--timeout`', { directive: '--timeout' })
  }
  const killed = /(?:terminated due to signal|was sent) (?:SIG)?(\w+)/.exec(message)
  if (killed) {
    const signal = killed[1] === '9' || /^KILL/.test(killed[1] ?? '') ? 'SIGKILL' : `signal ${killed[1]}`
    if (timedOut.has(pidIn(message) ?? '')) return hint('gateway.worker', `the silent worker was ended by ${signal}`, { directive: '--timeout' })
    if (signal === 'signal 15' || signal === 'signal TERM') return hint('gateway.stopped', 'a worker was told to end')
    return acts('gateway.stopped', `a worker was killed by ${signal} from outside: the OOM killer, an operator, a crash`, { confidence: signal === 'SIGKILL' ? 0.88 : 0.93, orElse: ['os.oom_kill', 'os.killed'] })
  }
  if (/Worker failed to boot|App failed to load|Exception in worker process/.test(message)) return hint('gateway.stopped', 'gunicorn never came up: its application could not be loaded', { confidence: 0.7 })
  if (/Handling signal: (?:term|quit|int)|Shutting down: Master/.test(message)) return hint('gateway.stopped', 'gunicorn was told to stop', { confidence: 0.25 })
  if (/Error handling request|Socket error processing request/.test(message)) return hint('gateway.stopped', 'the application raised an error while it handled a request', { confidence: 0.4 })
  if (/Ignoring (?:EPIPE|connection reset|connection epipe)/i.test(message)) return sees('client.canceled', 'gunicorn’s client left first')
  if (/Invalid request from ip|Request Header Fields Too Large|Limit request/i.test(message)) return acts('gateway.rejected', 'the request was refused as invalid or too large', { confidence: 0.85, directive: 'limit_request_line' })
  return null
}

function pidIn(message: string): string | null {
  return /pid:? ?(\d+)/.exec(message)?.[1] ?? null
}
