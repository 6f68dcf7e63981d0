import { findNumber } from './json-tokens.ts'
import { parseExact } from './parse-exact.ts'
import type { JsonValue, RunPlan } from './plan.ts'
import type { RunRecord } from './record.ts'

/**
 * JSON whose numbers stay as they are written. `JSON.parse` makes a double of every number, and `JSON.stringify` writes the shortest text of
 * that: `12345678901234567890` becomes 12345678901234567000, `1.0` becomes 1, `1e400` becomes null. Python tells all of them apart.
 */

/** Longer outputs are not kept as text as well: a record holds the output twice then. Characters. */
const mostOutputText = 8 * 1024 ** 2

/** Equal for two texts if Python reads the same number from both, `1` and `1.0` among them: whole numbers are exact there, all others doubles. */
export function exactNumberOf(text: string): string {
  if (/^-?\d+$/.test(text)) return text === '-0' ? '0' : text
  const value = Number(text)
  return Number.isInteger(value) ? String(BigInt(value)) : String(value)
}

/** The fields of a plan for an input that was written like this. Throws what `JSON.parse` throws. */
export function inputFieldsOf(text: string): Pick<RunPlan, 'input' | 'inputText'> {
  const { value, isAll } = plainOf(text)
  return isAll ? { input: value } : { input: value, inputText: text }
}

/** The fields of a record for what the script returned as this text. */
export function outputFieldsOf(text: string): Pick<RunRecord, 'output' | 'outputText'> {
  const output = JSON.parse(text) as JsonValue
  if (text.length > mostOutputText) return isRounded(text) ? { output, outputText: null } : { output }
  return findNumber(text, (written) => String(Number(written)) !== written) === null ? { output } : { output, outputText: text }
}

/** Does a text belong to a value: is it JSON, and is the value what is left when it is read as doubles? */
export function isTextOf(text: string, value: JsonValue): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value)
  } catch {
    return false
  }
}

/** The input as it is sent: as it was written, where that is known. */
export function inputJsonOf(plan: Pick<RunPlan, 'input' | 'inputText'>): string {
  // Half of a pair of surrogates has no bytes; in JSON it stands in a text only, where it can be escaped.
  return (plan.inputText ?? JSON.stringify(plan.input)).replaceAll(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`)
}

/** The input for showing and comparing, as `parseExact` gives it. */
export function exactInputOf(plan: Pick<RunPlan, 'input' | 'inputText'>): JsonValue {
  return plan.inputText === undefined ? plan.input : parseExact(plan.inputText)
}

/** The output for showing and comparing, as `parseExact` gives it. */
export function exactOutputOf(record: Pick<RunRecord, 'output' | 'outputText'>): JsonValue {
  return record.outputText == null ? record.output : parseExact(record.outputText)
}

/** The record as it is printed: the script's own numbers stand in its output. */
export function printedRecord(record: RunRecord): string {
  return JSON.stringify({ ...record, output: exactOutputOf(record) })
}

/** Does it hold a whole number beyond 2^53 that a double does not keep? Other numbers are doubles to Python as well. */
function isRounded(text: string): boolean {
  return findNumber(text, (written) => written.length > 15 && /^-?\d+$/.test(written) && written !== exactNumberOf(Number(written).toExponential())) !== null
}

/** A text as a value that every JSON can carry, and whether that says all of it. */
function plainOf(text: string): { value: JsonValue; isAll: boolean } {
  const plain = JSON.stringify(JSON.parse(text))
  return { value: JSON.parse(plain) as JsonValue, isAll: plain === text }
}
