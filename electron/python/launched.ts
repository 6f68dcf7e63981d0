import { frameReader } from './frames.ts'
import type { HarnessProcess } from './harness-process.ts'
import { openPipes } from './output-tap.ts'
import { parseControl, toCommandLine, type ControlMessage } from './messages.ts'
import type { ScriptRun, ScriptSink } from './script-run.ts'
import type { ReadyHarness } from './ready-harness.ts'

/** A harness that was asked to start, or why the system would not start it. */
export type Launched = ReadyHarness | FailedLaunch
export interface FailedLaunch { failed: Promise<{ error: string; code: string | null }> }

export function isFailed(launched: Launched): launched is FailedLaunch {
  return 'failed' in launched
}

/** Greets a new harness: from here on its control channel is read. */
export function greet(process: HarnessProcess, nonce: string): ReadyHarness {
  let listener: ((message: ControlMessage) => void) | null = null
  const early: ControlMessage[] = []
  process.control.on('data', frameReader(nonce, (frame) => {
    const message = parseControl(frame)
    if (!message) return
    if (message.e === 'ready' && message.outputs) process.stdin.write(toCommandLine({ c: 'piped', ok: takePipes(process, message.pid, message.outputs) }))
    if (listener) listener(message)
    else early.push(message)
  }))
  process.stdin.write(toCommandLine({ c: 'hello', nonce }))
  return {
    process, nonce, warm: false, offset: { ns: 0n },
    onControl(next) {
      listener = next
      for (const message of early.splice(0)) next(message)
    },
  }
}

/** The script will write to pipes instead of the sockets that the process was started with, if they can be opened from here. */
function takePipes(process: HarnessProcess, pid: number, fds: [number, number]): boolean {
  const pipes = openPipes(pid, fds)
  if (!pipes) return false
  const [stdout, stderr] = pipes
  if (stdout) process.output.add('stdout', stdout)
  if (stderr) process.output.add('stderr', stderr)
  return true
}

/** A run whose process could not be started at all. */
export function failedRun({ failed }: FailedLaunch, sink: ScriptSink, atMs: number): ScriptRun {
  sink.emit({ type: 'span_started', spanId: 'python', parentId: 'connector', layer: 'script', name: 'python' }, atMs)
  sink.emit({ type: 'span_ended', spanId: 'python', status: 'error' })
  return {
    pid: null,
    kill() { /* there is nothing to end */ },
    ended: failed.then((why) => ({ ending: { kind: 'spawn_failed', ...why }, output: { stdoutBytes: 0, stderrBytes: 0, stderrTail: '' } })),
  }
}
