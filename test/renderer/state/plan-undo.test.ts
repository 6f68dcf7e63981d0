import { beforeEach, describe, expect, test } from 'vitest'
import { transformationService } from '../../../shared/flow/profiles.ts'
import { editsBetween, limitsOfPlan } from '../../../renderer/state/limits-of-plan.ts'
import { changePlan, pickProfile, resetAllLimits } from '../../../renderer/state/plan-undo.ts'
import { activeTab, closeTab, editLimit, newTab, openTab, planLimits, setInputText, setScriptText, usePlan } from '../../../renderer/state/plan.ts'
import { closeNewestProblem, closeProblem, complain, offerUndo, takeBack, tell, useUndo } from '../../../renderer/state/undo.ts'

beforeEach(() => {
  const tab = newTab({ name: 'mine.py', text: 'mine' })
  usePlan.setState({ tabs: [tab], activeId: tab.id, edits: {}, proxies: [], profileName: transformationService.name })
  useUndo.setState({ text: '', offered: false, last: null, problems: [] })
})
const texts = () => usePlan.getState().tabs.map((tab) => tab.text)

describe('what is taken back', () => {
  test('brings the limits back as they were, and only them', () => {
    editLimit('client.total', { value: 700 })
    resetAllLimits()
    setScriptText(activeTab(usePlan.getState()).id, 'typed since')
    expect(usePlan.getState().edits).toEqual({})
    expect(takeBack()).toBe(true)
    expect(usePlan.getState().edits).toEqual({ 'client.total': { value: 700 } })
    expect(texts()).toEqual(['typed since'])
    expect(takeBack()).toBe(false)
  })
  test('brings back proxies and changes that a profile took away', () => {
    const other = { ...transformationService, name: 'other', limits: [{ id: 'client.total', value: 700, origin: 'x' }] }
    usePlan.setState((state) => ({ profiles: [...state.profiles, other], proxies: ['nginx'] }))
    editLimit('client.total', { value: 700 })
    pickProfile('other')
    expect(usePlan.getState()).toMatchObject({ profileName: 'other', proxies: [], edits: {} })
    takeBack()
    expect(usePlan.getState()).toMatchObject({ profileName: transformationService.name, proxies: ['nginx'], edits: { 'client.total': { value: 700 } } })
  })
  test('takes an opened script away again, but not what was typed into it', () => {
    const open = () => changePlan(() => { openTab({ name: 'old.py', text: 'old' }); return 'opened' })
    open()
    takeBack()
    expect(texts()).toEqual(['mine'])
    open()
    setScriptText(activeTab(usePlan.getState()).id, 'old, changed')
    takeBack()
    expect(texts()).toEqual(['mine', 'old, changed'])
  })
  test('leaves two scripts where the one that comes back was changed meanwhile', () => {
    const { id } = activeTab(usePlan.getState())
    changePlan(() => { setScriptText(id, 'replaced'); return 'replaced' })
    setInputText(id, '{"typed": "since"}')
    takeBack()
    expect(usePlan.getState().tabs.map(({ text, inputText }) => [text, inputText])).toEqual([['mine', '{}'], ['replaced', '{"typed": "since"}']])
    expect(new Set(usePlan.getState().tabs.map((tab) => tab.id)).size).toBe(2)
    expect(activeTab(usePlan.getState()).text).toBe('mine')
  })
  test('does not bring back a script that was closed on purpose', () => {
    const { id } = activeTab(usePlan.getState())
    changePlan(() => { openTab({ name: 'old.py', text: 'old' }); return 'opened' })
    closeTab(id)
    takeBack()
    expect(usePlan.getState().tabs.map((tab) => tab.name)).toEqual(['mine.py'])
  })
})

test('limits of an old run are what the profile of today says, changed until they are exactly those', () => {
  const wanted = planLimits(usePlan.getState()).map((limit) => (limit.id === 'gateway.write' ? { ...limit, value: 5000, origin: 'old.yaml' } : limit)).filter((limit) => limit.id !== 'wrapper.timeout')
  wanted.push({ id: 'proxy.read', value: 60_000, unit: 'ms', origin: 'nginx.conf', enforced: false })
  const edits = editsBetween(transformationService, wanted)
  expect(Object.keys(edits).toSorted()).toEqual(['gateway.write', 'proxy.read', 'wrapper.timeout'])
  const values = limitsOfPlan(transformationService, edits).filter((limit) => limit.value !== null).map(({ id, value, enforced }) => [id, value, enforced])
  expect(values.toSorted()).toEqual(wanted.map(({ id, value, enforced }) => [id, value, enforced]).toSorted())
})

test('a message passes, what went wrong stays, and a later message does not take the way back away', () => {
  let undone = 0
  offerUndo('Run removed', () => { undone++ })
  tell('Imported as run 3')
  complain('it could not be read')
  expect(useUndo.getState()).toMatchObject({ text: 'Imported as run 3', offered: false, problems: ['it could not be read'] })
  takeBack()
  expect(undone).toBe(1)
  expect(useUndo.getState().problems).toEqual(['it could not be read'])
})

test('what went wrong takes nothing else’s place; the same is told once, and each is closed by itself', () => {
  for (const problem of ['a.py is not there', 'b.py is no longer on disk', 'a.py is not there']) complain(problem)
  expect(useUndo.getState().problems).toEqual(['b.py is no longer on disk', 'a.py is not there'])
  expect(closeNewestProblem()).toBe(true)
  closeProblem('b.py is no longer on disk')
  expect([useUndo.getState().problems, closeNewestProblem()]).toEqual([[], false])
})

test('what was taken away one after the other comes back one after the other; what was no longer offered stays away', () => {
  const back: string[] = []
  const remove = (name: string) => offerUndo(`${name} removed`, () => { back.push(name) })
  remove('run 1')
  // Its message has passed.
  tell('Draft saved')
  remove('run 2')
  remove('run 3')
  expect(useUndo.getState().text).toBe('run 3 removed')
  takeBack()
  expect(useUndo.getState()).toMatchObject({ text: 'run 2 removed', offered: true })
  takeBack()
  expect(useUndo.getState()).toMatchObject({ text: '', offered: false, last: null })
  expect(takeBack()).toBe(false)
  expect(back).toEqual(['run 3', 'run 2'])
})
