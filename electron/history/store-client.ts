import type { HistoryState } from '../../shared/run/history.ts'
import type { StoreAnswer, StoreCall } from './history-worker.ts'
import type { RunStore } from './run-store.ts'
import { startThread } from '../thread.ts'

/** The store, on its own thread. Calls reject with a sentence. */
export interface StoreClient {
  readonly state: HistoryState
  call<M extends keyof RunStore>(method: M, ...args: Parameters<RunStore[M]>): Promise<ReturnType<RunStore[M]>>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/** Starts the thread and waits until the store is open (or is known not to be). */
export async function startStore(dir: string): Promise<StoreClient> {
  const worker = startThread(import.meta.url, 'history-worker', { name: 'history', workerData: dir })
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const opened = Promise.withResolvers<void>()
  let state: HistoryState = { on: false, reason: 'the history is not open yet' }
  let calls = 0
  let ended: string | null = null
  let closing = false

  const end = (reason: string) => {
    if (ended !== null) return
    ended = reason
    state = { on: false, reason }
    for (const { reject } of pending.values()) reject(new Error(reason))
    pending.clear()
    opened.resolve()
  }
  worker.on('message', (answer: StoreAnswer) => {
    state = answer.state
    if (answer.call === 0) return opened.resolve()
    const waiting = pending.get(answer.call)
    pending.delete(answer.call)
    // A process with nothing else to do may end; one that waits for an answer, or for the end of the thread, may not.
    if (pending.size === 0 && !closing) worker.unref()
    if (answer.problem === null) waiting?.resolve(answer.value)
    else waiting?.reject(new Error(answer.problem))
  })
  worker.on('error', (error) => end(`the history stopped: ${error instanceof Error ? error.message : String(error)}`))
  const exited = new Promise<void>((resolve) => { worker.once('exit', () => { end('the history is closed'); resolve() }) })
  await opened.promise
  worker.unref()

  return {
    get state() { return state },
    call: (method, ...args) => new Promise((resolve, reject) => {
      if (ended !== null) return reject(new Error(ended))
      const call = ++calls
      pending.set(call, { resolve: resolve as (value: unknown) => void, reject })
      worker.ref()
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage({ call, method, args } as StoreCall)
    }),
    async close() {
      if (ended !== null) return
      closing = true
      worker.ref()
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage('close')
      await exited
    },
  }
}
