import type { Readable, Writable } from 'node:stream'
import type { OutputTap } from './output-tap.ts'

/** A running harness with its streams: how it was started is the runner's business. */
export interface HarnessProcess {
  readonly pid: number
  readonly stdin: Writable
  readonly output: OutputTap
  /** The supervisor's facts. */
  readonly control: Readable
  /** The wrapper's facts, from the script's own process. */
  readonly report: Readable
  /** Settles when the process itself has ended, whoever still holds its pipes. */
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  /** Lets go of all streams. */
  release(): void
}

/** A stream's end or error, whichever comes first; never rejects. */
export function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.readableEnded) return resolve()
    stream.once('end', resolve)
    stream.once('close', resolve)
    stream.once('error', () => resolve())
  })
}

/** SIGKILL to a process group; false when there is none (any more). */
export function killGroup(pid: number): boolean {
  return send(-pid)
}

export function killProcess(pid: number): boolean {
  return send(pid)
}

function send(pid: number): boolean {
  try { return process.kill(pid, 'SIGKILL') } catch { return false }
}
