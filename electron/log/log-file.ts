import { fstatSync, read, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inflateRaw, inflateRawSync } from 'node:zlib'
import { blockBytesOf, flagDeflated, flagLost, headerBytes, isIntact, parseHeader, segmentBytes, type BlockHeader } from './block-format.ts'
import { createBlockList, type BlockList } from './block-list.ts'
import type { ParsedBlock } from './parsed-block.ts'

/** The file's name in a run's folder. */
export const logFileName = 'log.blocks'

/** How many headers are read before the event loop gets its turn. */
const headersPerTurn = 500

/** Finds the blocks of a stored log. `tornBytes` > 0: the file ends in a block that was never finished, or is damaged from there on. */
export async function readBlockList(fd: number): Promise<{ blocks: BlockList; bytes: number; tornBytes: number }> {
  const size = fstatSync(fd).size
  const blocks = createBlockList()
  const bytes = Buffer.alloc(headerBytes)
  let offset = 0
  let nextLine = 0
  while (offset < size) {
    const header = readSync(fd, bytes, 0, headerBytes, offset) === headerBytes ? parseHeader(bytes) : null
    if (!header || header.firstLine !== nextLine || offset + blockBytesOf(header) > size) break
    blocks.add(header, header.flags & flagLost ? { at: 'lost' } : { at: 'file', offset })
    offset += blockBytesOf(header)
    nextLine += header.lines
    if (blocks.entries.length % headersPerTurn === 0) await setImmediate()
  }
  return { blocks, bytes: offset, tornBytes: size - offset }
}

/** Reads one block in the background. Null where it is damaged. */
export async function readBlock(fd: number, offset: number, header: BlockHeader): Promise<ParsedBlock | null> {
  const bytes = Buffer.allocUnsafeSlow(blockBytesOf(header))
  const { bytesRead } = await readAsync(fd, bytes, 0, bytes.length, offset)
  if (bytesRead < bytes.length) return null
  return parsedOf(bytes, header.flags & flagDeflated ? await inflateAsync(bodyOf(bytes, header)) : bodyOf(bytes, header))
}

/** The same at once, for the search thread. The header comes from the file. */
export function readBlockNow(fd: number, offset: number, length: number): ParsedBlock | null {
  const bytes = Buffer.allocUnsafeSlow(length)
  if (readSync(fd, bytes, 0, length, offset) < length) return null
  const header = parseHeader(bytes)
  if (!header || blockBytesOf(header) !== length) return null
  return parsedOf(bytes, header.flags & flagDeflated ? inflateRawSync(bodyOf(bytes, header)) : bodyOf(bytes, header))
}

const readAsync = promisify(read)
const inflateAsync = promisify(inflateRaw)

function bodyOf(bytes: Buffer, header: BlockHeader): Buffer {
  return bytes.subarray(headerBytes + header.segments * segmentBytes)
}

function parsedOf(bytes: Buffer, body: Buffer): ParsedBlock | null {
  const header = parseHeader(bytes)
  if (!header || body.length !== header.bodyBytes) return null
  const table = bytes.subarray(headerBytes, headerBytes + header.segments * segmentBytes)
  if (!isIntact(bytes, table)) return null
  return { firstLine: header.firstLine, lines: header.lines, segments: header.segments, table, body }
}
