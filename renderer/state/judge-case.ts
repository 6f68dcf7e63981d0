import type { ScriptCase } from '../../shared/bridge/contract.ts'
import { inexactNumberIn } from '../../shared/run/inexact-number.ts'
import { jsonDiff, type JsonDifference } from './json-diff.ts'
import { parseInput } from './parse-input.ts'
import type { RunResult } from './run-once.ts'

/** What came of a case: passed, or why not. */
export interface CaseResult { state: 'running' | 'passed' | 'failed'; run: RunResult | null; differences: JsonDifference[]; problem: string | null }

/** Why a case cannot be run as it is written; null when it can. */
export function faultOfCase(item: Pick<ScriptCase, 'inputText' | 'expectedText'>): string | null {
  const input = parseInput(item.inputText)
  if (!input.ok) return `its input is not JSON: line ${input.line}, column ${input.column}: ${input.problem}`
  const expected = expectedOf(item.expectedText)
  if (expected && !expected.ok) return `what is expected is not JSON: line ${expected.line}, column ${expected.column}: ${expected.problem}`
  const sent = inexactNumberIn(item.inputText)
  if (sent) return `its input holds ${sent.written}, which would be sent as ${sent.becomes}: write it as a text, in quotes`
  const held = inexactNumberIn(item.expectedText ?? '')
  return held ? `what is expected holds ${held.written}, which cannot be told from ${held.becomes}: return it as a text, in quotes` : null
}

/** Holds what a run gave against what is expected; without an expectation whatever completes is right. Pure. */
export function judgeCase(expectedText: string | null, run: RunResult): CaseResult {
  if (!run.completed) return { state: 'failed', run, differences: [], problem: run.headline }
  const expected = expectedOf(expectedText)
  if (expected && !expected.ok) return { state: 'failed', run, differences: [], problem: `what is expected is not JSON: line ${expected.line}, column ${expected.column}: ${expected.problem}` }
  const differences = expected ? jsonDiff(expected.value, run.output) : []
  return { state: differences.length > 0 ? 'failed' : 'passed', run, differences, problem: null }
}

function expectedOf(text: string | null): ReturnType<typeof parseInput> | null {
  return text === null || text.trim() === '' ? null : parseInput(text)
}
