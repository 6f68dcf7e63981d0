import { describe, expect, test } from 'vitest'
import { readCasesFile, writeCasesFile, type CaseInFile } from '../../../shared/cases/cases-file.ts'

const cases: CaseInFile[] = [
  { name: 'two orders', inputText: '{"id": 12345678901234567890, "rate": 1.0}', expectedText: '{"sum": 1e400}' },
  { name: 'whatever comes', inputText: '[]', expectedText: null },
  { name: 'nothing is expected', inputText: '{}', expectedText: 'null' },
]
const compact = (text: string | null) => (text === null ? null : text.replaceAll(/\s+/g, ''))

describe('a file of cases', () => {
  test('gives back what was written, with the numbers as they were typed', () => {
    const { text } = writeCasesFile(cases)
    expect(text).toContain('12345678901234567890')
    const read = readCasesFile(`\uFEFF${text}`)
    expect(read.ok && read.cases.map((item) => ({ ...item, inputText: compact(item.inputText), expectedText: compact(item.expectedText) })))
      .toEqual(cases.map((item) => ({ ...item, inputText: compact(item.inputText), expectedText: compact(item.expectedText) })))
  })
  test('may be written by hand, without a schema', () => {
    expect(readCasesFile('{"cases": [{"name": "a", "input": 1}]}')).toEqual({ ok: true, cases: [{ name: 'a', inputText: '1', expectedText: null }] })
    expect(readCasesFile('{"cases": []}')).toEqual({ ok: true, cases: [] })
  })
  test('an expectation that is empty is none; a case that is no JSON is named', () => {
    expect(writeCasesFile([{ name: 'a', inputText: '1', expectedText: ' ' }]).text).not.toContain('expected')
    expect(writeCasesFile([cases[0]!, { name: 'half typed', inputText: '{"a":', expectedText: null }])).toEqual({ text: null, unfit: 'half typed' })
    expect(writeCasesFile([{ name: 'b', inputText: '1', expectedText: '{' }]).unfit).toBe('b')
  })
  test.each([
    ['', 'it is not JSON', 'line 1, column 1', null],
    ['{"cases": [,]}', 'it is not JSON', 'line 1, column 12', null],
    ['[]', 'it has no list of cases', '', '"cases"'],
    ['12345678901234567890', 'it has no list of cases', '', null],
    ['{"cases": {}}', 'it has no list of cases', '', null],
    ['{"schema": "cutoff.run/1", "cases": []}', '"cutoff.run/1"', 'schema', 'newer'],
    ['{"case": [], "cases": []}', 'unknown key: case', 'case', 'did you mean cases?'],
    ['{"cases": [{"name": "a", "input": 1}, {"name": "b", "input": 1, "expect": 2}]}', 'unknown key: expect', 'cases[1].expect', 'did you mean expected?'],
    ['{"cases": [{"name": " ", "input": 1}]}', 'a case has a name', 'cases[0].name', null],
    ['{"cases": [{"name": "a"}]}', '"a" has no input', 'cases[0]', '"input": {}'],
    ['{"cases": [12345678901234567890]}', 'a case is an object', 'cases[0]', null],
  ])('%s is refused with where and what to do', (text, problem, where, hint) => {
    const read = readCasesFile(text)
    expect(read).toMatchObject({ ok: false, where })
    expect(read.ok ? '' : read.problem).toContain(problem)
    if (hint !== null) expect(read.ok ? '' : read.hint).toContain(hint)
  })
})
