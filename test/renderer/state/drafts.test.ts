import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Door } from '../../../renderer/bridge.ts'
import { draftOf, keepDrafts, planOfDraft } from '../../../renderer/state/drafts.ts'
import { connectEngine, useEngine } from '../../../renderer/state/engine.ts'
import { newTab, planRestored, usePlan } from '../../../renderer/state/plan.ts'
import { transformationService } from '../../../shared/flow/profiles.ts'

const before = usePlan.getInitialState()
beforeAll(() => {
  usePlan.setState({ ...before, profiles: [transformationService], profileName: transformationService.name, restored: false }, true)
  vi.stubGlobal('window', { addEventListener: () => undefined })
  vi.stubGlobal('requestAnimationFrame', (onFrame: () => void) => setTimeout(onFrame))
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
})
afterAll(() => {
  vi.unstubAllGlobals()
  usePlan.setState(before, true)
})

test('running again on save is part of a draft; older ones do not know it', () => {
  const tab = newTab({ path: '/home/ann/order.py', runOnSave: true })
  const empty = { ...before, tabs: [newTab()] }
  const draft = draftOf({ ...before, tabs: [tab], activeId: tab.id })
  expect(draft.tabs).toMatchObject([{ path: '/home/ann/order.py', runOnSave: true }])
  expect(planOfDraft(draft, empty).tabs).toMatchObject([{ path: '/home/ann/order.py', runOnSave: true }])
  const { runOnSave: _, ...older } = draft.tabs?.[0] ?? tab
  expect(planOfDraft({ ...draft, tabs: [older] }, empty).tabs).toMatchObject([{ path: '/home/ann/order.py', runOnSave: false }])
})

test('a draft on a profile that comes with the engine waits for it, and so does a run', async () => {
  const heroku = { ...transformationService, name: 'heroku', title: 'Heroku' }
  const profiles = Promise.withResolvers<unknown>()
  const call = (name: string) => (name === 'profiles' ? profiles.promise : new Promise(() => undefined))
  connectEngine({ host: 'web', call, on: () => () => undefined, state: () => ({ phase: 'open' }), onState: () => () => undefined, retry: () => undefined } as Door)
  let isBack = false
  void planRestored().then(() => { isBack = true })
  const kept = keepDrafts(Promise.resolve({ ...draftOf(usePlan.getState()), profile: 'heroku' }))
  await new Promise((resolve) => { setTimeout(resolve, 5) })
  expect([usePlan.getState().restored, isBack]).toEqual([false, false])
  profiles.resolve([transformationService, heroku])
  await kept
  await planRestored()
  expect(isBack).toBe(true)
  expect(usePlan.getState()).toMatchObject({ restored: true, profileName: 'heroku', profiles: [transformationService, heroku] })
})

test('an engine that was started anew is told at once what this window holds, and of an empty one nothing', async () => {
  vi.useFakeTimers()
  onTestFinished(() => { vi.useRealTimers() })
  const saved: string[] = []
  let tellState: (state: { phase: string }) => void = () => undefined
  const call = (name: string, draft: { scriptText: string }) => {
    if (name === 'saveDraft') saved.push(draft.scriptText)
    return Promise.resolve(name === 'saveDraft' ? { savedAt: '' } : [])
  }
  useEngine.setState({ phase: 'connecting', hello: null })
  connectEngine({ host: 'web', call, on: () => () => undefined, state: () => ({ phase: 'open' }), onState: (listener: typeof tellState) => { tellState = listener; return () => undefined }, retry: () => undefined } as unknown as Door)
  const comeBack = async () => {
    tellState({ phase: 'lost' })
    tellState({ phase: 'open' })
    // Less than typing waits before it is kept.
    await vi.advanceTimersByTimeAsync(100)
  }
  usePlan.setState({ tabs: [newTab()], profileName: transformationService.name, profiles: [transformationService] })
  await keepDrafts(Promise.resolve(null))
  await comeBack()
  expect(saved).toEqual([])
  const tab = newTab({ text: 'typed' })
  usePlan.setState({ tabs: [tab], activeId: tab.id })
  await comeBack()
  expect(saved).toContain('typed')
})
