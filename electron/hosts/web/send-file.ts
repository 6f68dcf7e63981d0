import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'

/** As large as what a socket of this machine takes at once (bytes). */
const pieceBytes = 256 * 1024

/**
 * Writes a file to `to` and ends it; piece by piece through one buffer, so that a screen of 12 MB leaves no 12 MB behind that wait for a
 * collection of garbage. A reader that leaves is no error; a file that cannot be read breaks the connection off, as its length was told.
 */
export async function sendFile(path: string, to: Writable): Promise<void> {
  try {
    await using file = await open(path)
    const buffer = Buffer.allocUnsafeSlow(Math.min(pieceBytes, Math.max(1, (await file.stat()).size)))
    for (;;) {
      const { bytesRead } = await file.read(buffer)
      if (bytesRead === 0) break
      await written(to, buffer.subarray(0, bytesRead))
    }
    to.end()
  } catch {
    to.destroy()
  }
}

/** Resolves when the piece is out, and its memory is free again; rejects when the reader has left. */
function written(to: Writable, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = () => reject(new Error('the reader has left'))
    if (to.destroyed) return left()
    to.once('close', left)
    to.write(piece, (error) => {
      to.off('close', left)
      if (error) reject(error)
      else resolve()
    })
  })
}
