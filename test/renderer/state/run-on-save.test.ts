import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import type { Hello } from '../../../shared/bridge/contract.ts'
import type { Door } from '../../../renderer/bridge.ts'
import { connectEngine } from '../../../renderer/state/engine.ts'
import { activeTab, updateTab, usePlan } from '../../../renderer/state/plan.ts'
import { followSaves, runAgainOnSave } from '../../../renderer/state/run-on-save.ts'
import { useRun } from '../../../renderer/state/run.ts'

const started: string[] = []
const door = {
  host: 'web', state: () => ({ phase: 'open' }), onState: () => () => {}, retry: () => {}, on: () => () => {},
  call: async (name: string) => {
    if (name !== 'startRun') throw new Error(`${name} was not expected`)
    started.push(activeTab(usePlan.getState()).text)
    return { runId: `run-${started.length}` }
  },
} as unknown as Door
connectEngine(door, new Promise<Hello>(() => {}))
followSaves()

const tabId = () => activeTab(usePlan.getState()).id
const settled = () => new Promise((resolve) => { setTimeout(resolve, 20) })

// Other files of tests share these stores.
afterAll(() => {
  usePlan.setState(usePlan.getInitialState(), true)
  useRun.setState(useRun.getInitialState(), true)
})
beforeEach(() => {
  useRun.setState({ phase: 'none', runId: null })
  started.length = 0
  usePlan.setState({ restored: true })
  updateTab(tabId(), { text: 'one', runOnSave: true })
})

test('a script that is saved runs again, where that was asked for', async () => {
  runAgainOnSave(tabId())
  await vi.waitFor(() => expect(started).toEqual(['one']))
  useRun.setState({ phase: 'ended' })
  updateTab(tabId(), { runOnSave: false })
  runAgainOnSave(tabId())
  await settled()
  expect(started).toEqual(['one'])
})

test('what is saved while a run goes on runs after its end: once, as it is then', async () => {
  useRun.setState({ phase: 'running', runId: 'long' })
  runAgainOnSave(tabId())
  updateTab(tabId(), { text: 'two' })
  runAgainOnSave(tabId())
  await settled()
  expect(started).toEqual([])
  useRun.setState({ phase: 'ended' })
  await vi.waitFor(() => expect(started).toEqual(['two']))
  useRun.setState({ phase: 'ended' })
  await settled()
  expect(started).toEqual(['two'])
})

test.each([
  ['it was called off meanwhile', () => { updateTab(tabId(), { runOnSave: false }); useRun.setState({ phase: 'ended' }) }],
  ['the engine stopped', () => { useRun.setState({ phase: 'lost' }) }],
])('and does not when %s', async (_, end) => {
  useRun.setState({ phase: 'running', runId: 'long' })
  runAgainOnSave(tabId())
  end()
  await settled()
  expect(started).toEqual([])
})
