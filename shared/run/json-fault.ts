/** What is wrong with a text that is no JSON, and where; line and column count from 1, `offset` from 0. */
export interface JsonFault { problem: string; line: number; column: number; offset: number }

/** From the error that `JSON.parse` threw for this text. */
export function jsonFaultOf(error: unknown, text: string): JsonFault {
  const message = error instanceof Error ? error.message : String(error)
  const offset = offsetOf(message, text)
  const before = text.slice(0, offset)
  return { problem: wordsOf(message), line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), offset }
}

/** V8 writes "... in JSON at position 15 (line 2 column 3)", or "Unexpected end of JSON input" without a place. */
function offsetOf(message: string, text: string): number {
  const match = /at position (\d+)/.exec(message)
  if (match) return Math.min(Number(match[1]), text.length)
  const token = /^Unexpected token '(.)'/su.exec(message)?.[1]
  return token && /is not valid JSON/.test(message) ? Math.max(0, text.indexOf(token)) : text.length
}

function wordsOf(message: string): string {
  return message.replace(/ in JSON at position.*$/s, '').replace(/, "?.*"? is not valid JSON$/s, '').replace(/^Unexpected end of JSON input$/, 'the JSON ends too early').replace(/^./, (first) => first.toLowerCase())
}
