import { pythonErrorSign } from '../observe/python-errors.ts'
import { acts, factOf, type LogFact, type Sign } from './fact.ts'
import { clientLibraryPhrases } from './phrases/others.ts'
import { signIn } from './phrases/phrase.ts'
import type { Line, LogReader } from './reader.ts'

/** Lines kept of one traceback; a longer one is cut, its last line still counts. */
const mostLines = 400

/** Python tracebacks: from `Traceback` to the first line that is not indented, which names the exception. */
export const tracebackLog: LogReader = {
  id: 'traceback', product: 'Python',
  open: () => {
    let open: { first: Line; lines: string[] } | null = null
    return {
      take: (line): LogFact[] | null => {
        if (/Traceback \(most recent call last\):\s*$/.test(line.text)) {
          open = { first: line, lines: [line.text] }
          return []
        }
        if (!open) return null
        if (/^\s/.test(line.text) || line.text === '') {
          if (open.lines.length < mostLines) open.lines.push(line.text)
          return []
        }
        const { first, lines } = open
        open = null
        if (!/^[A-Za-z_][\w.]*(?::|$)/.test(line.text)) return null
        const sign = signOf(lines, line.text)
        return [factOf({ file: line.file, line: first.number, product: 'Python', text: line.text, timeMs: line.wrapperTimeMs, signs: sign ? [sign] : [] })]
      },
      close: () => [],
    }
  },
}

/** Frames of web servers and frameworks: the process is a gateway that was serving a request. */
const serverFrames = /^\s+File ".*[/\\](?:flask|django|starlette|fastapi|uvicorn|gunicorn|hypercorn|werkzeug|tornado|sanic|bottle|cherrypy|waitress|aiohttp[/\\]web_\w+|wsgiref|socketserver)(?:[/\\.]|\.py)/

function signOf(frames: readonly string[], last: string): Sign | null {
  const expired = /subprocess\.TimeoutExpired: .*timed out after ([\d.]+) seconds/.exec(last)
  // Whoever runs a child with a limit is its connector.
  if (expired) return acts('connector.python', 'the limit on the child process passed', { directive: 'timeout', limitMs: Number(expired[1]) * 1000, confidence: 0.92 })
  // What a gateway's own call to a next hop raised is about that call.
  const call = frames.some((frame) => serverFrames.test(frame)) ? signIn(last, clientLibraryPhrases) : null
  return call ?? pythonErrorSign([...frames, last].join('\n'))
}
