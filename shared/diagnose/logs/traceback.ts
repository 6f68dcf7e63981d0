import { pythonErrorSign } from '../observe/python-errors.ts'
import { acts, factOf, type LogFact } from './fact.ts'
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
        const expired = /subprocess\.TimeoutExpired: .*timed out after ([\d.]+) seconds/.exec(line.text)
        // Whoever runs a child with a limit is its connector.
        const sign = expired ? acts('connector.python', 'the limit on the child process passed', { directive: 'timeout', limitMs: Number(expired[1]) * 1000, confidence: 0.92 }) : pythonErrorSign([...lines, line.text].join('\n'))
        return [factOf({ file: line.file, line: first.number, product: 'Python', text: line.text, timeMs: line.wrapperTimeMs, signs: sign ? [sign] : [] })]
      },
      close: () => [],
    }
  },
}
