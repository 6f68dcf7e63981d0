import { closeSync, constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

export type OutputName = 'stdout' | 'stderr'

/** Everything a harness's output may come from; nothing is read, and so nothing lost, before somebody listens. */
export interface OutputTap {
  add(name: OutputName, stream: Readable): void
  listen(onChunk: (name: OutputName, chunk: Buffer) => void): void
  readonly streams: readonly Readable[]
}

export function createOutputTap(): OutputTap {
  const streams: { name: OutputName; stream: Readable }[] = []
  let listener: ((name: OutputName, chunk: Buffer) => void) | null = null
  const attach = ({ name, stream }: { name: OutputName; stream: Readable }): void => {
    stream.on('data', (chunk: Buffer) => listener?.(name, chunk))
  }
  return {
    add(name, stream) {
      // A pipe whose other end has gone is no error here: the process's exit tells.
      stream.on('error', () => {})
      streams.push({ name, stream })
      if (listener) attach({ name, stream })
    },
    listen(onChunk) {
      listener = onChunk
      for (const each of streams) attach(each)
    },
    get streams() { return streams.map(({ stream }) => stream) },
  }
}

/**
 * Opens the reading ends of the two pipes that a supervisor made for its script; null where the system does not let us. Node's own pipes are
 * sockets: printing to them takes half as long again, and a script that opens /dev/stdout fails, which it does not in production.
 */
export function openPipes(pid: number, fds: readonly number[]): Socket[] | null {
  const opened: number[] = []
  try {
    for (const fd of fds) opened.push(openSync(`/proc/${pid}/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK))
    return opened.map((fd) => new Socket({ fd, readable: true, writable: false }))
  } catch {
    for (const fd of opened) closeSync(fd)
    return null
  }
}
