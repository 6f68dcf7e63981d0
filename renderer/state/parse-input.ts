import type { JsonValue } from '../../shared/run/plan.ts'

export type ParsedInput = { ok: true; value: JsonValue } | { ok: false; problem: string; line: number; column: number; offset: number }

/** Reads the input editor's text as JSON; a mistake comes with its place. Line and column count from 1. */
export function parseInput(text: string): ParsedInput {
  if (text.trim() === '') return { ok: false, problem: 'the input is empty; write {} for an empty object', line: 1, column: 1, offset: 0 }
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const offset = offsetOf(message, text)
    const before = text.slice(0, offset)
    const line = before.split('\n').length
    const column = offset - before.lastIndexOf('\n')
    return { ok: false, problem: wordsOf(message), line, column, offset }
  }
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
