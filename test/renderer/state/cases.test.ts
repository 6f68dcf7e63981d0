import { afterAll, expect, test, vi } from 'vitest'
import type { Hello } from '../../../shared/bridge/contract.ts'
import { mergeCases } from '../../../shared/cases/merge-cases.ts'
import type { ScriptCase } from '../../../shared/cases/script-case.ts'
import type { Door } from '../../../renderer/bridge.ts'
import { addCase, addCases, readCases, useCases } from '../../../renderer/state/cases.ts'
import { takeCasesFile } from '../../../renderer/state/cases-files.ts'
import { connectEngine } from '../../../renderer/state/engine.ts'
import { useUndo } from '../../../renderer/state/undo.ts'

const kept: ScriptCase = { id: 'kept', name: 'kept', inputText: '{}', expectedText: null }
let stored: ScriptCase[] = [kept]
/** Answers of the engine wait until they are let go. */
let letGo: () => void = () => {}
const door = {
  host: 'web', state: () => ({ phase: 'open' }), onState: () => () => {}, retry: () => {}, on: () => () => {},
  call: async (name: string, _script: string, cases: ScriptCase[], before: ScriptCase[]) => {
    if (name === 'saveCases') return stored = mergeCases({ before, ours: cases, theirs: stored, newId: () => 'new' })
    if (name !== 'loadCases') throw new Error(`${name} was not expected`)
    await new Promise<void>((resolve) => { letGo = resolve })
    return stored
  },
} as unknown as Door
connectEngine(door, new Promise<Hello>(() => {}))

// Other files of tests share these stores.
afterAll(() => {
  useCases.setState(useCases.getInitialState(), true)
  useUndo.setState(useUndo.getInitialState(), true)
})

const names = () => stored.map(({ name }) => name)

test('what is added while the cases are still being read joins them, and takes the place of none', async () => {
  void readCases()
  await vi.waitFor(() => expect(letGo).not.toBe(undefined))
  const adding = [addCase(), takeCasesFile('{"cases": [{"name": "from a file", "input": 1.0}]}', 'team.json')]
  await new Promise((resolve) => { setTimeout(resolve, 5) })
  expect(useCases.getState().cases).toEqual([])
  letGo()
  await Promise.all(adding)
  await vi.waitFor(() => expect(names()).toEqual(['kept', 'case 2', 'from a file']))
  expect(stored[2]?.inputText).toBe('1.0')
})

test('a file that is loaded twice adds nothing the second time; adding is undone', async () => {
  addCases([{ name: 'new', inputText: '2', expectedText: '3' }, { name: 'from a file', inputText: '1.0', expectedText: null }], 'team.json')
  await vi.waitFor(() => expect(names()).toEqual(['kept', 'case 2', 'from a file', 'new']))
  expect(useUndo.getState().last?.text).toBe('1 case added from team.json')
  useUndo.getState().last?.undo()
  await vi.waitFor(() => expect(names()).toEqual(['kept', 'case 2', 'from a file']))
})

test('what is no file of cases is told with where, and adds nothing', async () => {
  await takeCasesFile('{"cases": [{"name": "a", "input": 1, "expect": 2}]}', 'team.json')
  expect(useUndo.getState().problems.at(-1)).toBe('team.json is no file of cases: cases[0].expect: unknown key: expect (did you mean expected?)')
  expect(useCases.getState().cases).toHaveLength(3)
})

test('what another window has added meanwhile joins them, also while this one goes on typing', async () => {
  stored = [...stored, { id: 'theirs', name: 'of another window', inputText: '{}', expectedText: null }]
  addCases([{ name: 'mine', inputText: '4', expectedText: null }], 'team.json')
  await vi.waitFor(() => expect(names()).toContain('mine'))
  await vi.waitFor(() => expect(useCases.getState().cases.map(({ name }) => name)).toContain('of another window'))
  addCases([{ name: 'mine too', inputText: '5', expectedText: null }], 'team.json')
  await vi.waitFor(() => expect(names()).toEqual(['kept', 'case 2', 'from a file', 'mine', 'of another window', 'mine too']))
})
