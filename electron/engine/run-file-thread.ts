import { Worker } from 'node:worker_threads'
import type { RunFileMessage } from './run-file-worker.ts'
import type { RunFileAnswers, RunFileJob } from './run-files.ts'
import { RunFileError } from './run-file-error.ts'

/** Does an export or import on a thread of its own: it may take seconds, and the deadlines of a run under way must not wait for it. */
export async function onRunFileThread<J extends RunFileJob>(job: J): Promise<RunFileAnswers[J['kind']]> {
  const worker = new Worker(workerUrl, { name: `run ${job.kind}`, workerData: job })
  const { promise, resolve, reject } = Promise.withResolvers<RunFileMessage>()
  worker.once('message', resolve)
  worker.once('error', (error) => reject(error instanceof Error ? error : new Error(String(error))))
  worker.once('exit', () => reject(new Error(`the ${job.kind} stopped before it was done`)))
  const message = await promise
  if (!message.ok) throw new RunFileError(message.problem)
  return message.answer as RunFileAnswers[J['kind']]
}

/** From the sources the thread runs as it is; in a build it stands beside this file as `run-file-worker.js`. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './run-file-worker.ts' : './run-file-worker.js', import.meta.url)
