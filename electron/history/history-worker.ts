import { parentPort, workerData } from 'node:worker_threads'
import type { HistoryState } from '../../shared/run/history.ts'
import { openGuardedStore } from './guarded-store.ts'
import type { RunStore } from './run-store.ts'

/** The history's thread: carries out one call of the store after the other. The first message it sends is the state it opened in. */
export type StoreCall = { [M in keyof RunStore]: { call: number; method: M; args: Parameters<RunStore[M]> } }[keyof RunStore]
export type StoreAnswer = { call: number; state: HistoryState; value: unknown; problem: null } | { call: number; state: HistoryState; problem: string }

const store = openGuardedStore(String(workerData))
const answer = (message: StoreAnswer) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message)
}

answer({ call: 0, state: store.state, value: null, problem: null })
parentPort?.on('message', (message: StoreCall | 'close') => {
  if (message === 'close') {
    store.close()
    parentPort?.close()
    return
  }
  try {
    const value = store.use((opened) => (opened[message.method] as (...args: unknown[]) => unknown)(...message.args))
    answer({ call: message.call, state: store.state, value, problem: null })
  } catch (error) {
    answer({ call: message.call, state: store.state, problem: error instanceof Error ? error.message : String(error) })
  }
})
