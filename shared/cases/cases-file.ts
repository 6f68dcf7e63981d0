import { nearestName } from '../limits/nearest-name.ts'
import { numberTextOf, parseExact } from '../run/parse-exact.ts'
import { parseInput } from '../run/parse-input.ts'
import type { JsonValue } from '../run/plan.ts'
import type { ScriptCase } from './script-case.ts'

/** A case as a file tells it; its texts are JSON. */
export type CaseInFile = Omit<ScriptCase, 'id'>
/** `where`: line and column of what is no JSON, otherwise the path of what is wrong (`cases[2].expect`); empty for the file itself. */
export type CasesFileRead = { ok: true; cases: CaseInFile[] } | { ok: false; problem: string; where: string; hint: string | null }

const schema = 'cutoff.cases-file/1'
const keysOfFile = ['schema', 'cases']
const keysOfCase = ['name', 'input', 'expected']

/**
 * Cases as a file to keep beside the script: `{ "schema": "cutoff.cases-file/1", "cases": [{ "name", "input", "expected" }] }`, without
 * `expected` where whatever completes is right. Numbers stay as they were typed. Null and the name of the case where an input or what is
 * expected is no JSON, so that it cannot stand in a file.
 */
export function writeCasesFile(cases: readonly CaseInFile[]): { text: string; unfit: null } | { text: null; unfit: string } {
  const unfit = cases.find(({ inputText, expectedText }) => !parseInput(inputText).ok || (isExpecting(expectedText) && !parseInput(expectedText).ok))
  if (unfit) return { text: null, unfit: unfit.name }
  const told = cases.map(({ name, inputText, expectedText }) => ({ name, input: parseExact(inputText), ...isExpecting(expectedText) ? { expected: parseExact(expectedText) } : {} }))
  return { text: `${JSON.stringify({ schema, cases: told }, null, 2)}\n`, unfit: null }
}

/** Reads such a file; `schema` may be missing in one that was written by hand. A key that is not known is refused: a mistyped `expected` would let everything pass. */
export function readCasesFile(text: string): CasesFileRead {
  const body = text.replace(/^\uFEFF/, '')
  const parsed = parseInput(body)
  if (!parsed.ok) return wrong(`it is not JSON: ${parsed.problem}`, `line ${parsed.line}, column ${parsed.column}`)
  const file = parseExact(body)
  if (!isObject(file) || !Array.isArray(file['cases'])) return wrong('it has no list of cases', '', `write { "cases": [{ "name": "...", "input": {}, "expected": {} }] }`)
  const stranger = strangerOf(file, keysOfFile)
  if (stranger) return wrong(...stranger)
  if (file['schema'] !== undefined && file['schema'] !== schema) return wrong(`its schema is ${JSON.stringify(file['schema'])}, not "${schema}"`, 'schema', 'it may be of a newer version, or another kind of file')
  const cases: CaseInFile[] = []
  for (const [index, item] of file['cases'].entries()) {
    const where = `cases[${index}]`
    if (!isObject(item)) return wrong('a case is an object with name, input and expected', where)
    const [problem, key, hint] = strangerOf(item, keysOfCase) ?? faultIn(item)
    if (problem !== '') return wrong(problem, key === '' ? where : `${where}.${key}`, hint)
    cases.push({ name: item['name'] as string, inputText: jsonOf(item['input']), expectedText: item['expected'] === undefined ? null : jsonOf(item['expected']) })
  }
  return { ok: true, cases }
}

type Fault = [problem: string, key: string, hint: string | null]
const none: Fault = ['', '', null]

function faultIn(item: { [key: string]: JsonValue }): Fault {
  if (typeof item['name'] !== 'string' || item['name'].trim() === '') return ['a case has a name: a text that is not empty', 'name', null]
  return item['input'] === undefined ? [`${JSON.stringify(item['name'])} has no input`, '', 'write "input": {} for an empty object'] : none
}

function strangerOf(object: { [key: string]: JsonValue }, known: readonly string[]): Fault | null {
  const key = Object.keys(object).find((name) => !known.includes(name))
  if (key === undefined) return null
  const near = nearestName(key, known)
  return [`unknown key: ${key}`, key, near ? `did you mean ${near}?` : `known are ${known.join(', ')}`]
}

function wrong(problem: string, where: string, hint: string | null = null): CasesFileRead {
  return { ok: false, problem, where, hint }
}

function isExpecting(text: string | null): text is string {
  return text !== null && text.trim() !== ''
}

/** Numbers of `parseExact` may be objects. */
function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && numberTextOf(value) === null
}

function jsonOf(value: JsonValue | undefined): string {
  return JSON.stringify(value, null, 2)
}
