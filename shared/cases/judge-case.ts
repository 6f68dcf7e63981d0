import { parseExact, readsExactly } from '../run/parse-exact.ts'
import { parseInput } from '../run/parse-input.ts'
import type { JsonValue } from '../run/plan.ts'
import { jsonDiff, type JsonDifference } from './json-diff.ts'
import type { ScriptCase } from './script-case.ts'

/** As much of a run as a case is judged by. `output` as `parseExact` gives it, with the script's own numbers; `rounded` where they were not kept. */
export interface CaseRun { completed: boolean; /** What its verdict says. */ headline: string; output: JsonValue; rounded?: boolean }

/** What came of a case: passed, or why not. */
export interface CaseResult<Run extends CaseRun = CaseRun> { state: 'running' | 'passed' | 'failed'; run: Run | null; differences: JsonDifference[]; problem: string | null }

/** Why a case cannot be run as it is written; null when it can. */
export function faultOfCase(item: Pick<ScriptCase, 'inputText' | 'expectedText'>): string | null {
  const input = parseInput(item.inputText)
  if (!input.ok) return `its input is not JSON: line ${input.line}, column ${input.column}: ${input.problem}`
  const expected = expectedOf(item.expectedText)
  return expected && !expected.ok ? `what is expected is not JSON: line ${expected.line}, column ${expected.column}: ${expected.problem}` : null
}

/** Holds what a run gave against what is expected; without an expectation whatever completes is right. Pure. */
export function judgeCase<Run extends CaseRun>(expectedText: string | null, run: Run): CaseResult<Run> {
  if (!run.completed) return { state: 'failed', run, differences: [], problem: run.headline }
  const expected = expectedOf(expectedText)
  if (expected && !expected.ok) return { state: 'failed', run, differences: [], problem: `what is expected is not JSON: line ${expected.line}, column ${expected.column}: ${expected.problem}` }
  const differences = expectedText !== null && expected ? jsonDiff(parseExact(expectedText), run.output) : []
  if (differences.length === 0 && expected && (run.rounded || !readsExactly)) return { state: 'failed', run, differences, problem: readsExactly ? tooLarge : tooOld }
  return { state: differences.length > 0 ? 'failed' : 'passed', run, differences, problem: null }
}

const tooLarge = 'what came back is too large for its whole numbers to be compared: return those beyond 2^53 as texts, in quotes'
const tooOld = 'this browser is too old to compare numbers exactly: update it, or use the desktop app'

function expectedOf(text: string | null): ReturnType<typeof parseInput> | null {
  return text === null || text.trim() === '' ? null : parseInput(text)
}
