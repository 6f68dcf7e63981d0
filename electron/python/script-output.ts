import type { Readable } from 'node:stream'
import { ended } from './harness-process.ts'
import type { OutputTap } from './output-tap.ts'
import type { ScriptOutput, ScriptSink } from './script-run.ts'
import { nowNs } from './clock.ts'

const tailBytes = 64 * 1024
/** What may still be in the pipes when every process of the run is gone; a pipe that somebody else keeps open never ends. */
const drainMs = 1000

/** Passes what the script writes on as it comes, counts it, and keeps the last part of stderr. */
export function passOutput(tap: OutputTap, sink: ScriptSink): { counted(): ScriptOutput } {
  const bytes = { stdout: 0, stderr: 0 }
  let tail: Buffer[] = []
  let tailLength = 0
  const keep = (chunk: Buffer): void => {
    tail.push(chunk)
    tailLength += chunk.length
    if (tailLength > 4 * tailBytes || tail.length > 1024) {
      const last = Buffer.concat(tail).subarray(-tailBytes)
      tail = [Buffer.from(last)]
      tailLength = last.length
    }
  }
  tap.listen((stream, chunk) => {
    bytes[stream] += chunk.length
    if (stream === 'stderr') keep(chunk)
    sink.output(stream, chunk, sink.runMsOf(nowNs()))
  })
  return {
    counted: () => ({ stdoutBytes: bytes.stdout, stderrBytes: bytes.stderr, stderrTail: Buffer.concat(tail).subarray(-tailBytes).toString('utf8') }),
  }
}

/** Waits until the streams have ended, at most a second: their writers are gone, only what is in flight is left. */
export async function drain(streams: readonly Readable[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => { timer = setTimeout(resolve, drainMs) })
  await Promise.race([Promise.all(streams.map(ended)), patience])
  clearTimeout(timer)
}
