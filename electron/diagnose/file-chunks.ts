import { open } from 'node:fs/promises'

const chunkBytes = 2 * 1024 ** 2

/**
 * A file's bytes in order, each piece valid until the next one is asked for: two buffers take turns, so that the next piece is read while
 * this one is looked at and a file of any size costs 4 MB. Rejects like `open` and `read` do. A file that grows is read to its end at the time.
 */
export async function* chunksOfFile(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r')
  try {
    const buffers = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)] as const
    const readAt = (turn: number, at: number) => handle.read(buffers[turn & 1] as Buffer, 0, chunkBytes, at)
    let at = 0
    let next = readAt(0, 0)
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await next
      if (bytesRead === 0) return
      at += bytesRead
      next = readAt(turn + 1, at)
      // Nobody waits for a read that fails while the consumer stops early.
      next.catch(() => {})
      yield (buffers[turn & 1] as Buffer).subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
