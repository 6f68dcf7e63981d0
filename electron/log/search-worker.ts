import { parentPort } from 'node:worker_threads'
import { createSearcher, type SearchAnswer, type SearchJob } from './search-job.ts'

/** The search thread: says once that it is ready, then one job at a time, answers in order. Its host ends it when a job takes too long. */
export type ThreadMessage = { ready: true } | ThreadAnswer
export type ThreadAnswer = { ok: true; answer: SearchAnswer } | { ok: false; problem: string }

const searcher = createSearcher()
parentPort?.on('message', (job: SearchJob) => {
  let answer: ThreadAnswer
  try {
    answer = { ok: true, answer: searcher.run(job) }
  } catch (error) {
    answer = { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
  post(answer)
})
post({ ready: true })

function post(message: ThreadMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message)
}
