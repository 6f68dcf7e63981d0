import { jsonFaultOf, type JsonFault } from './json-fault.ts'
import type { JsonValue } from './plan.ts'

export type ParsedInput = { ok: true; value: JsonValue } | ({ ok: false } & JsonFault)

/** Reads the input editor's text as JSON; a mistake comes with its place. Line and column count from 1. */
export function parseInput(text: string): ParsedInput {
  if (text.trim() === '') return { ok: false, problem: 'the input is empty; write {} for an empty object', line: 1, column: 1, offset: 0 }
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue }
  } catch (error) {
    return { ok: false, ...jsonFaultOf(error, text) }
  }
}
