import { Worker } from 'node:worker_threads'

/** A sleeping thread of this process that does nothing but wake up: how late it wakes is the machine's doing, not ours. */
export interface WakeControl {
  /** The latest waking (ms) since the last call. */
  latestMs(): number
  stop(): Promise<void>
}

const stepMs = 4

export function startWakeControl(): WakeControl {
  // [0] is slept on and never changes, [1] is the latest waking in microseconds.
  const shared = new SharedArrayBuffer(8)
  const cells = new Int32Array(shared)
  const worker = new Worker(sleeper, { eval: true, workerData: shared })
  return {
    latestMs: () => Atomics.exchange(cells, 1, 0) / 1000,
    async stop() { await worker.terminate() },
  }
}

const sleeper = `
const { workerData } = require('node:worker_threads')
const cells = new Int32Array(workerData)
for (;;) {
  const from = performance.now()
  Atomics.wait(cells, 0, 0, ${stepMs})
  const late = Math.round((performance.now() - from - ${stepMs}) * 1000)
  if (late > Atomics.load(cells, 1)) Atomics.store(cells, 1, late)
}
`
