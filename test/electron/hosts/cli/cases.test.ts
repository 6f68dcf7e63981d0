import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCases } from '../../../../electron/cases.ts'
import { cutoff } from '../../../helpers/cutoff.ts'

let folder = ''
let script = ''
let file = ''
let env: NodeJS.ProcessEnv = {}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutoff-cases-'))
  script = join(folder, 'sums.py')
  file = join(folder, 'sums.cases.json')
  env = { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data') }
  await writeFile(script, 'import time\n\n\ndef transform(input_data):\n    time.sleep(input_data.get("wait", 0))\n    return {"sum": sum(input_data["numbers"]), "id": 12345678901234567890}\n')
  await writeFile(file, JSON.stringify({ cases: [
    { name: 'right', input: { numbers: [1, 2] }, expected: { sum: 3, id: 0 } },
    { name: 'wrong', input: { numbers: [1] }, expected: { sum: 2, id: 0, currency: 'EUR' } },
    { name: 'raises', input: {} },
    { name: 'slow', input: { numbers: [], wait: 60 } },
  ] }).replaceAll('"id":0', '"id":12345678901234567890'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Told { schema: string; wanted: number; passed: number; cases: { name: string; state: string; problem: string | null; differences: { path: string }[]; run: { outcome: string; verdict: { cause: string } } | null }[] }
const cases = (args: readonly string[], options = {}) => cutoff(['cases', script, ...args], { env, ...options })

describe('cutoff cases', () => {
  test('tells of each whether it passed and where it differs; a cut is named, and outweighs the rest', async () => {
    const { code, stdout } = await cases(['--file', file, '--json', '--limit', 'connector.python=1500ms'])
    const told = JSON.parse(stdout) as Told
    expect(told).toMatchObject({ schema: 'cutoff.cases/1', wanted: 4, passed: 1 })
    expect(told.cases.map((item) => [item.name, item.state, item.differences.map(({ path }) => path), item.run?.outcome, item.run?.verdict.cause])).toEqual([
      ['right', 'passed', [], 'completed', 'none'],
      ['wrong', 'failed', ['sum', 'currency'], 'completed', 'none'],
      ['raises', 'failed', [], 'failed', 'script.exception'],
      ['slow', 'failed', [], 'cut', 'connector.python'],
    ])
    expect(stdout).toContain('"id":12345678901234567890')
    expect(code).toBe(3)
  })
  test('for people: a line for each, the differences under it, the count last', async () => {
    const { code, stdout } = await cases(['--file', file, '--case', 'wrong', '--case', 'right'])
    expect(stdout.replaceAll(/ {2}[\d.]+ m?s, run [\w-]+/g, '')).toBe('passed  right\nfailed  wrong\n        sum: expected 2, got 1\n        currency: expected "EUR", got nothing\n\n1 of 2 cases passed\n')
    expect(code).toBe(1)
  })
  test('all passed is exit 0, without a cut a failure is 1', async () => {
    expect((await cases(['--file', file, '--case', 'right'])).code).toBe(0)
    expect((await cases(['--file', file, '--case', 'raises'])).code).toBe(1)
  })
  test('those kept on the screen are run, and go into a file', async () => {
    await createCases(join(folder, 'data')).save(script, [{ id: '1', name: 'kept', inputText: '{"numbers": [12345678901234567890]}', expectedText: '{"sum": 12345678901234567890, "id": 12345678901234567890}' }], [])
    const { code, stdout } = await cases([])
    expect(stdout).toMatch(/^passed {2}kept .*\n\n1 of 1 case passed\n$/)
    expect(code).toBe(0)
    const written = join(folder, 'written.json')
    expect(await cases(['--export', written])).toMatchObject({ code: 0, stdout: '', stderr: `1 case written to ${written}\n` })
    expect(await readFile(written, 'utf8')).toBe((await cases(['--export', '-'])).stdout)
    expect((await cases(['--file', written])).code).toBe(0)
  })
  test('Ctrl+C ends the case that runs, and no other is begun', async () => {
    const [begun, waits] = [join(folder, 'begun'), join(folder, 'waits.py')]
    await writeFile(waits, 'import time\n\n\ndef transform(input_data):\n    open(input_data["begun"], "w").close()\n    time.sleep(input_data["wait"])\n')
    const both = join(folder, 'both.json')
    await writeFile(both, JSON.stringify({ cases: [{ name: 'slow', input: { begun, wait: 60 } }, { name: 'next', input: { begun, wait: 0 } }] }))
    const isBegun = async () => { while (!existsSync(begun)) await sleep(20) }
    const { code, stdout } = await cutoff(['cases', waits, '--file', both, '--json'], { env, interruptWhen: isBegun() })
    const told = JSON.parse(stdout) as Told
    expect(code).toBe(130)
    expect(told).toMatchObject({ wanted: 2, passed: 0 })
    expect(told.cases.map((item) => [item.name, item.run?.verdict.cause])).toEqual([['slow', 'client.canceled']])
  })
})

describe('nothing is run, exit 2', () => {
  const refused = async (args: readonly string[]) => {
    const { code, stdout } = await cases([...args, '--json'])
    expect(code).toBe(2)
    return JSON.parse(stdout) as { code: string; message: string; where: string | null; hint: string | null }
  }
  test('where no case is kept', async () => {
    const { code, stdout } = await cutoff(['cases', script, '--json'], { env: { ...env, CUTOFF_DATA_DIR: join(folder, 'other') } })
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { code: 'no_cases', hint: expect.stringContaining('--file') }])
  })
  test('for a file that is not there, is none, or holds no case', async () => {
    expect(await refused(['--file', join(folder, 'nowhere.json')])).toMatchObject({ code: 'cases_unreadable', message: expect.stringContaining('no such file') })
    expect(await refused(['--file', script])).toMatchObject({ code: 'bad_cases', where: `${script}: line 1, column 1` })
    const typo = join(folder, 'typo.json')
    await writeFile(typo, '{"cases": [{"name": "a", "input": {}, "expect": {}}]}')
    expect(await refused(['--file', typo])).toMatchObject({ code: 'bad_cases', where: `${typo}: cases[0].expect`, hint: 'did you mean expected?' })
    await writeFile(typo, '{"cases": []}')
    expect(await refused(['--file', typo])).toMatchObject({ code: 'no_cases' })
  })
  test('for a name that no case has', async () => {
    expect(await refused(['--file', file, '--case', 'rihgt'])).toMatchObject({ code: 'unknown_case', hint: 'there are right, wrong, raises, slow' })
  })
  test('and nothing in a file of cases can command the terminal', async () => {
    const hostile = join(folder, 'hostile.json')
    await writeFile(hostile, JSON.stringify({ cases: [{ name: 'red \u001b[31m', input: {} }] }))
    const unknown = await cases(['--file', hostile, '--case', 'other'])
    expect([unknown.code, unknown.stderr.includes('there are red'), unknown.stderr.includes('\u001b')]).toEqual([2, true, false])
    await writeFile(hostile, JSON.stringify({ cases: [{ name: 'a', input: {}, 'key \u001b[31m': 1 }] }))
    const strange = await cases(['--file', hostile])
    expect([strange.code, strange.stderr.includes('unknown key: key'), strange.stderr.includes('\u001b')]).toEqual([2, true, false])
  })
  test('for a place that cannot be written', async () => {
    expect(await refused(['--file', file, '--export', join(folder, 'none', 'x.json')])).toMatchObject({ code: 'output_failed' })
  })
})
