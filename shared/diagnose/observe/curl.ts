import { answerPicture } from './pages/index.ts'
import { cutShort, endWithoutByte, named, pictureOf, resetBySomebody, type Picture } from './picture.ts'
import type { LibraryView } from './view.ts'

const product = 'curl'

/** curl's exit codes, from its manual; the message tells the phase. */
export function curlPicture(view: LibraryView): Picture {
  const said = view.errors.join('\n')
  const limitMs = Number(/after (\d+) (?:ms|milliseconds)/.exec(said)?.[1] ?? Number.NaN)
  switch (view.curlExit) {
    case 0: return answered(view)
    case 6: case 5: return named('network.dns', 0.93, 'curl could not resolve the name', { product })
    case 7: return couldNotConnect(said, limitMs)
    case 28: return timedOut(view, said, Number.isFinite(limitMs) ? limitBelow(limitMs) : null)
    case 35: if (!/wrong version number|http request/i.test(said) && /SYSCALL|reset|unexpected eof|closed|\bEOF\b|Broken pipe|errno (?:104|0|54)/i.test(said)) return handshakeEnded(said)
      return named('network.protocol', 0.92, /wrong version number|http request/i.test(said) ? 'TLS was spoken to a plain HTTP port' : 'the TLS handshake failed', { product })
    case 60: case 51: case 58: case 77: return named('network.protocol', 0.92, 'the TLS handshake failed', { product })
    case 1: case 3: case 8: return named('network.protocol', 0.85, 'the answer was no HTTP', { product })
    case 52: return pictureOf({ saw: 'curl: empty reply: the connection ended without a byte of an answer', candidates: [...endWithoutByte], product })
    case 18: return pictureOf({ saw: 'curl: the body ended too early', candidates: [...cutShort], product })
    case 92: case 95: case 16: return pictureOf({ saw: 'curl: the HTTP/2 stream was reset', candidates: [...cutShort], product })
    case 55: case 56: return broken(view, said)
    case 47: return named('gateway.rejected', 0.5, 'too many redirects', { product })
    case 22: return answered({ ...view, status: view.status ?? (Number(/returned error: (\d{3})/.exec(said)?.[1] ?? Number.NaN) || null) })
    default: return pictureOf({ saw: `curl: exit ${view.curlExit}`, candidates: ['unknown'], product })
  }
}

function answered(view: LibraryView): Picture {
  if (view.status !== null && view.status >= 400) return answerPicture({ status: view.status, reason: '', body: view.body, server: '', product: null, view: null })
  // Some servers end a chunked answer properly when its source breaks off, and a body may end with its connection: curl sees a whole one.
  return named('none', 0.88, `curl: a complete ${view.status ?? 'answer'}`)
}

/** The connection ended while TLS was being set up: nothing is said of the protocol. */
function handshakeEnded(said: string): Picture {
  const reset = /reset|errno (?:104|54)/i.test(said)
  return pictureOf({ saw: `curl: the connection was ${reset ? 'reset' : 'closed'} during the TLS handshake`, candidates: reset ? [...resetBySomebody] : ['network.closed', 'gateway.stopped', 'proxy.stopped', 'proxy.rejected', 'proxy.client_header', 'network.reset', 'network.protocol'], product })
}

/** curl tells when it gave up, a moment after its limit: what people write is a round number just below. */
function limitBelow(ms: number): number {
  const fifty = Math.floor(ms / 50) * 50
  const hundred = Math.floor(ms / 100) * 100
  if (fifty > 0 && ms - fifty <= Math.max(5, fifty * 0.001)) return fifty
  return hundred > 0 && ms - hundred <= 30 ? hundred : ms
}

/** Exit 28 in every phase; only the words tell which, and `--max-time` and `--connect-timeout` share those of connecting. */
function timedOut(view: LibraryView, said: string, limitMs: number | null): Picture {
  if (/Resolving timed out/i.test(said)) return pictureOf({ saw: 'curl: the name was not resolved in time', candidates: ['client.connect', 'client.total', 'network.dns'], lead: { cause: 'network.dns', confidence: 0.6 }, product, limitMs })
  if (/Failed to connect/i.test(said) || /connect(?:ion)? timed out|SSL connection timeout|Connection timeout/i.test(said)) {
    const byName = /Failed to connect/i.test(said)
    return pictureOf({ saw: 'curl: the connection was not made in time (`--connect-timeout` or `--max-time`)', candidates: byName ? ['client.connect', 'network.blackhole', 'client.total'] : ['client.total', 'client.connect', 'network.blackhole'], lead: { cause: byName ? 'client.connect' : 'client.total', confidence: 0.65 }, product, directive: byName ? '--connect-timeout' : '--max-time', limitMs })
  }
  if (/too slow/i.test(said)) return named('client.read', 0.92, 'curl: slower than `--speed-limit` for `--speed-time`', { product, directive: '--speed-time' })
  return named('client.total', 0.95, `curl: \`--max-time\` passed${view.status ? ' in the middle of the answer' : ''}`, { product, directive: '--max-time', limitMs })
}

function couldNotConnect(said: string, limitMs: number): Picture {
  // A refusal comes within a round trip; the kernel's own SYN retries take more than a minute.
  if (/timed out|Timeout was reached/i.test(said) || limitMs > 20_000) return pictureOf({ saw: 'curl: the connection was not made in time', candidates: ['network.blackhole', 'client.connect'], lead: { cause: 'network.blackhole', confidence: 0.6 }, product })
  return named('network.refused', 0.93, 'curl: the connection was refused', { product })
}

function broken(view: LibraryView, said: string): Picture {
  if (/Connection died, tried \d+ times/.test(said)) return pictureOf({ saw: 'curl: every try ended without a byte of an answer', candidates: [...endWithoutByte], product })
  if (view.curlExit === 55) return pictureOf({ saw: 'curl: sending failed', candidates: [...resetBySomebody, 'network.closed', 'proxy.rejected', 'gateway.rejected', 'gateway.read', 'proxy.client_body'], product })
  if (/reset/i.test(said)) return pictureOf({ saw: 'curl: the connection was reset', candidates: [...resetBySomebody], product })
  if (/unexpected eof|SSL_read|no close_notify|GnuTLS recv/i.test(said)) return pictureOf({ saw: 'curl: TLS ended without being closed properly', candidates: [...cutShort, 'network.reset'], product })
  return pictureOf({ saw: 'curl: receiving failed', candidates: [...resetBySomebody, ...cutShort.filter((cause) => !resetBySomebody.includes(cause))], product })
}
