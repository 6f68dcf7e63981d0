import { parentPort, workerData } from 'node:worker_threads'
import type { CallError } from '../../shared/bridge/contract.ts'
import { doRunFile, type RunFileAnswers, type RunFileJob } from './run-files.ts'
import { RunFileError } from './run-file-error.ts'

/** The thread of one export or import: does it and ends. */
export type RunFileMessage = { ok: true; answer: RunFileAnswers[RunFileJob['kind']] } | { ok: false; problem: CallError }

const answerOf = async (): Promise<RunFileMessage> => {
  try {
    return { ok: true, answer: await doRunFile(workerData as RunFileJob) }
  } catch (error) {
    if (error instanceof RunFileError) return { ok: false, problem: { code: error.code, message: error.message, hint: error.hint, where: error.where } }
    return { ok: false, problem: { code: 'failed', message: error instanceof Error ? error.message : String(error), hint: null, where: null } }
  }
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(await answerOf())
