import type { Cause } from '../../verdict/causes.ts'
import { pythonErrorSign } from '../observe/python-errors.ts'
import { acts, factOf, type LogFact, type Sign } from './fact.ts'
import { clientLibraryPhrases } from './phrases/others.ts'
import { signIn } from './phrases/phrase.ts'
import type { Line, LogReader } from './reader.ts'

const chained = /^(?:The above exception was the direct cause of the following exception|During handling of the above exception, another exception occurred):/

/** Lines kept of one traceback; a longer one is cut, its last line still counts. */
const mostLines = 400

/** Python tracebacks: from `Traceback` to the first line that is not indented, which names the exception. */
export const tracebackLog: LogReader = {
  id: 'traceback', product: 'Python',
  open: () => {
    let open: { first: Line; lines: string[] } | null = null
    // An exception that another one was raised from is told by that one.
    let held: LogFact[] = []
    const release = () => held.splice(0)
    return {
      take: (line): LogFact[] | null => {
        if (held.length > 0 && line.text.trim() === '') return []
        if (held.length > 0 && chained.test(line.text)) {
          held = []
          return []
        }
        if (/Traceback \(most recent call last\):\s*$/.test(line.text)) {
          open = { first: line, lines: [line.text] }
          return release()
        }
        if (!open) {
          // What is no part of it goes to other readers; what was held back is told when the next begins, or at the end.
          return null
        }
        if (/^\s/.test(line.text) || line.text === '') {
          if (open.lines.length < mostLines) open.lines.push(line.text)
          return []
        }
        const { first, lines } = open
        open = null
        if (!/^[A-Za-z_][\w.]*(?::|$)/.test(line.text)) return null
        const sign = signOf(lines, line.text)
        held = [factOf({ file: line.file, line: first.number, product: 'Python', text: line.text, timeMs: line.wrapperTimeMs, signs: sign ? [sign] : [] })]
        return []
      },
      close: release,
    }
  },
}

/** Frames of web servers and frameworks: the process is a gateway that was serving a request. */
const serverFrames = /^\s+File ".*[/\\](?:flask|django|starlette|fastapi|uvicorn|gunicorn|hypercorn|werkzeug|tornado|sanic|bottle|cherrypy|waitress|aiohttp[/\\]web_\w+|wsgiref|socketserver)(?:[/\\.]|\.py)|^\s+File ".*, in do_(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s*$/

/** A limit that a handler set around something of its own; a call of aiohttp’s client raises the same error. */
function handlerTimeout(frames: readonly string[]): Sign {
  if (frames.some((frame) => /[/\\]aiohttp[/\\]client\w*\.py/.test(frame))) return acts('proxy.read', 'aiohttp’s limit on a call to the next hop passed', { directive: 'timeout', confidence: 0.85, orElse: ['proxy.connect'] })
  const seconds = frames.map((frame) => /\b(?:wait_for\(.*?(?:timeout\s*=\s*|,\s*)|timeout\()(\d+(?:\.\d+)?)\)/.exec(frame)?.[1]).find((found) => found !== undefined)
  return acts('gateway.handler', 'a limit inside of the handler passed (`asyncio.wait_for`, `asyncio.timeout`)', { directive: 'asyncio.timeout', limitMs: seconds === undefined ? null : Number(seconds) * 1000, confidence: 0.85, orElse: ['connector.python', 'proxy.read'] })
}

/** What a limit on a call is called where the program is nobody’s gateway. */
const clientCauses: Partial<Record<Cause, Cause>> = { 'proxy.read': 'client.first_byte', 'proxy.connect': 'client.connect' }

function signOf(frames: readonly string[], last: string): Sign | null {
  const expired = /subprocess\.TimeoutExpired: .*timed out after ([\d.]+) seconds/.exec(last)
  // Whoever runs a child with a limit is its connector.
  if (expired) return acts('connector.python', 'the limit on the child process passed', { directive: 'timeout', limitMs: Number(expired[1]) * 1000, confidence: 0.92 })
  // What a gateway's own call to a next hop raised is about that call.
  const call = signIn(last, clientLibraryPhrases)
  if (call && frames.some((frame) => serverFrames.test(frame))) return call
  if (frames.some((frame) => serverFrames.test(frame)) && /^(?:asyncio\.(?:exceptions\.)?)?TimeoutError\b/.test(last)) return handlerTimeout(frames)
  const own = pythonErrorSign([...frames, last].join('\n'))
  const gaveUp = call?.role === 'acts' ? clientCauses[call.cause] : undefined
  return own?.cause === 'script.exception' && call && gaveUp ? acts('script.exception', `the script’s own call to somebody else gave up, and the error ended it: ${call.means}`, { confidence: 0.85, directive: call.directive, limitMs: call.limitMs, orElse: [gaveUp] }) : own
}
