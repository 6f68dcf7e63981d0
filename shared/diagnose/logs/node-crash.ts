import { acts, factOf, type LogFact } from './fact.ts'
import type { LogReader } from './reader.ts'

/** How many lines an error may stand before Node's closing line. */
const reach = 60
const errorLine = /^(?:Uncaught )?(?:\w[\w.$]*(?:Error|Exception)\b.*|\[UnhandledPromiseRejection.*|Error: .*)$/

/** An error nobody caught: Node prints it with its source line and ends with `Node.js v20.1.0`. */
export const nodeCrashLog: LogReader = {
  id: 'node-crash', product: 'Node',
  open: () => {
    let pending: { text: string; number: number } | null = null
    return {
      take: (line): LogFact[] | null => {
        if (errorLine.test(line.text)) {
          pending = { text: line.text, number: line.number }
          return null
        }
        if (!/^Node\.js v\d+\.\d+\.\d+\s*$/.test(line.text)) return null
        const error = pending && line.number - pending.number <= reach ? pending : null
        pending = null
        return [factOf({
          file: line.file, line: error?.number ?? line.number, product: 'Node', text: error?.text ?? line.text, timeMs: line.wrapperTimeMs,
          signs: [acts('gateway.stopped', 'an error nobody caught ended the gateway’s process with every request it held', { confidence: 0.97 })],
        })]
      },
      close: () => [],
    }
  },
}
