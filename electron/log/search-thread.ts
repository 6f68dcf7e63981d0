import type { Worker } from 'node:worker_threads'
import { startThread } from '../thread.ts'
import type { ThreadMessage } from './search-worker.ts'
import type { SearchAnswer, SearchJob } from './search-job.ts'

/** A job covers a few megabytes and takes some 50 ms; one that takes this long is stuck in a regular expression. */
const mostJobMs = 3000
/** A thread that has nothing to do for this long is ended: it holds about 10 MB. */
const idleMs = 10_000

export type SearchResult<K extends SearchJob['kind']> =
  | { ok: true; answer: Extract<SearchAnswer, { kind: K }> }
  /** `stuck`: it took too long, the thread was ended, and it would take too long again. */
  | { ok: false; reason: 'stuck' | 'failed' | 'closed'; problem: string }

/** Searches in a thread of its own, so that a slow regular expression stops nothing else and can itself be stopped. */
export interface SearchThread {
  /** Jobs are done one after the other; an urgent one (a page somebody waits for) goes first. */
  run<J extends SearchJob>(job: J, urgent?: boolean): Promise<SearchResult<J['kind']>>
  close(): Promise<void>
}

interface Task { job: SearchJob; settle: (result: SearchResult<SearchJob['kind']>) => void }

export function createSearchThread(limits: { mostJobMs?: number } = {}): SearchThread {
  const waiting: Task[] = []
  let current: { task: Task; timer: NodeJS.Timeout | null } | null = null
  let worker: Worker | null = null
  let ready = false
  let idleTimer: NodeJS.Timeout | null = null
  let closed = false

  function next(): void {
    if (current || closed) return
    const task = waiting.shift()
    if (!task) return rest()
    if (idleTimer) clearTimeout(idleTimer)
    idleTimer = null
    worker ??= started()
    current = { task, timer: null }
    if (ready) watch()
    worker.ref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(task.job)
  }

  /** From when the thread can work: on a busy machine its start may take longer than any job. */
  function watch(): void {
    if (current) current.timer = setTimeout(stuck, limits.mostJobMs ?? mostJobMs)
  }

  function started(): Worker {
    ready = false
    const thread = startThread(import.meta.url, 'search-worker', { name: 'log search', stdout: false, stderr: false })
    thread.on('message', (message: ThreadMessage) => {
      if (thread !== worker) return
      if ('ready' in message) {
        ready = true
        return watch()
      }
      done(message.ok ? { ok: true, answer: message.answer } : { ok: false, reason: 'failed', problem: message.problem })
    })
    thread.on('error', (error: Error) => {
      if (thread !== worker) return
      worker = null
      done({ ok: false, reason: 'failed', problem: `the search stopped: ${error.message}` })
    })
    thread.unref()
    return thread
  }

  function stuck(): void {
    const thread = worker
    worker = null
    void thread?.terminate()
    done({ ok: false, reason: 'stuck', problem: 'it took too long' })
  }

  function done(result: SearchResult<SearchJob['kind']>): void {
    const finished = current
    current = null
    if (!finished) return
    clearTimeout(finished.timer ?? undefined)
    worker?.unref()
    finished.task.settle(result)
    next()
  }

  function rest(): void {
    if (!worker || idleTimer) return
    idleTimer = setTimeout(() => {
      idleTimer = null
      if (current) return
      void worker?.terminate()
      worker = null
    }, idleMs)
    idleTimer.unref()
  }

  return {
    run: <J extends SearchJob>(job: J, urgent = false) => new Promise<SearchResult<J['kind']>>((resolve) => {
      if (closed) return resolve({ ok: false, reason: 'closed', problem: 'the log is closed' })
      const task: Task = { job, settle: resolve as Task['settle'] }
      if (urgent) waiting.unshift(task)
      else waiting.push(task)
      next()
    }),
    async close() {
      closed = true
      if (idleTimer) clearTimeout(idleTimer)
      const pending = [...(current ? [current.task] : []), ...waiting.splice(0)]
      clearTimeout(current?.timer ?? undefined)
      current = null
      for (const task of pending) task.settle({ ok: false, reason: 'closed', problem: 'the log is closed' })
      await worker?.terminate()
      worker = null
    },
  }
}
