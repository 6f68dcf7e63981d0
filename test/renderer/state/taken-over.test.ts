import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { draftOf, planOfDraft } from '../../../renderer/state/drafts.ts'
import { settingsOfPlan } from '../../../renderer/state/plan-settings.ts'
import { editLimit, usePlan } from '../../../renderer/state/plan.ts'
import { closeTakenOver, discardOtherSettings, takeOtherSettings, wordsOfSettings } from '../../../renderer/state/taken-over.ts'
import { takeBack } from '../../../renderer/state/undo.ts'
import type { DraftSettings } from '../../../shared/bridge/contract.ts'
import { transformationService } from '../../../shared/flow/profiles.ts'
import { defaultStacks } from '../../../shared/run/plan.ts'

const before = usePlan.getInitialState()
afterAll(() => usePlan.setState(before, true))
const other: DraftSettings = { limits: { 'client.total': '500ms' }, profile: 'other', flow: { proxies: ['nginx'], faults: [], python: '/opt/python', propagateCancel: false, stacks: { ...defaultStacks, rateHz: 20 } } }
const third: DraftSettings = { limits: { 'gateway.write': 'off' }, profile: transformationService.name }
beforeEach(() => usePlan.setState({ ...before, profiles: [transformationService, { ...transformationService, name: 'other' }], takenOver: { scripts: 1, settings: [other, third] } }, true))
const left = () => usePlan.getState().takenOver?.settings

describe('what was set in a window that is gone', () => {
  test('can be used; what was set here takes its place, and both can be taken back', () => {
    editLimit('client.total', { value: 2000 })
    const mine = settingsOfPlan(usePlan.getState())
    takeOtherSettings(other)
    expect([settingsOfPlan(usePlan.getState()), left()]).toEqual([other, [mine, third]])
    takeOtherSettings(left()![0]!)
    expect([settingsOfPlan(usePlan.getState()), left()]).toEqual([mine, [other, third]])
    takeBack()
    expect([settingsOfPlan(usePlan.getState()), left()]).toEqual([other, [mine, third]])
  })
  test('leaves nothing behind where nothing was set here', () => {
    takeOtherSettings(other)
    expect(left()).toEqual([third])
  })
  test('can be discarded, with a way back; after the last the notice is over', () => {
    discardOtherSettings(other)
    expect(left()).toEqual([third])
    discardOtherSettings(third)
    expect(usePlan.getState().takenOver).toBeNull()
    takeBack()
    expect(left()).toEqual([third])
  })
  test('is part of the draft until then', () => {
    const draft = draftOf(usePlan.getState())
    expect(draft.takenOver).toEqual({ scripts: 1, settings: [other, third] })
    expect(planOfDraft(draft, before).takenOver).toEqual(draft.takenOver)
    closeTakenOver()
    expect(draftOf(usePlan.getState())).not.toHaveProperty('takenOver')
  })
  test('is told in one line, as far as it is not the usual', () => {
    expect(wordsOfSettings(other)).toBe('profile other; client.total 500ms; proxy nginx; Python /opt/python; a cancel is not passed on to the script; 20 stacks per second')
    expect(wordsOfSettings({ ...third, limits: { 'gateway.write': 'off', 'wrapper.timeout': 'profile (not enforced)' } })).toBe('profile transformation-service; gateway.write off, wrapper.timeout (not enforced)')
  })
})
