import { startThread } from '../thread.ts'
import type { RunFileMessage } from './run-file-worker.ts'
import type { RunFileAnswers, RunFileJob } from './run-files.ts'
import { RunFileError } from './run-file-error.ts'

/** Does an export or import on a thread of its own: it may take seconds, and the deadlines of a run under way must not wait for it. */
export async function onRunFileThread<J extends RunFileJob>(job: J): Promise<RunFileAnswers[J['kind']]> {
  const worker = startThread(import.meta.url, 'run-file-worker', { name: `run ${job.kind}`, workerData: job })
  const { promise, resolve, reject } = Promise.withResolvers<RunFileMessage>()
  worker.once('message', resolve)
  worker.once('error', (error) => reject(error instanceof Error ? error : new Error(String(error))))
  worker.once('exit', () => reject(new Error(`the ${job.kind} stopped before it was done`)))
  const message = await promise
  if (!message.ok) throw new RunFileError(message.problem)
  return message.answer as RunFileAnswers[J['kind']]
}
