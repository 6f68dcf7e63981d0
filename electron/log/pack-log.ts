import { open, rename, rm, mkdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import { blockBodyBytes, flagDeflated, flagLost, mostSegments, toHeader, type BlockHeader } from './block-format.ts'
import { logFileName, readBlock, readBlockList } from './log-file.ts'
import type { ParsedBlock } from './parsed-block.ts'

const deflate = promisify(deflateRaw)
/** Level 1: half the gain of the best level for a tenth of its time. */
const level = 1

/**
 * Copies the log in folder `from` into folder `to`, compressed block by block, so that the copy is still read by window. Small blocks are
 * joined. The copy appears whole or not at all (written beside, fsync, rename). Returns its size in bytes.
 */
export async function packLog(from: string, to: string): Promise<number> {
  const file = join(to, logFileName)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await mkdir(to, { recursive: true, mode: 0o700 })
    await using source = await open(join(from, logFileName), 'r')
    const bytes = await writePacked(source, temporary)
    await rename(temporary, file)
    return bytes
  } catch (error) {
    await rm(temporary, { force: true })
    throw new Error(`the log could not be kept in ${to}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function writePacked(source: FileHandle, path: string): Promise<number> {
  await using target = await open(path, 'w', 0o600)
  const bytes = await copyBlocks(source.fd, target)
  await target.sync()
  return bytes
}

async function copyBlocks(fd: number, target: FileHandle): Promise<number> {
  const { blocks } = await readBlockList(fd)
  let written = 0
  let joined: Joined | null = null
  const flush = async () => {
    if (joined) written += await writeBlock(target, joined)
    joined = null
  }
  for (const { header, place } of blocks.entries) {
    const block = place.at === 'file' ? await readBlock(fd, place.offset, header) : null
    if (!block) {
      await flush()
      written += await writeAll(target, [toHeader({ ...header, flags: flagLost, storedBytes: 0, bodyBytes: 0, segments: 0, sourceMask: 0 }, Buffer.alloc(0))])
      continue
    }
    if (joined && !fits(joined, block)) await flush()
    joined = joinedWith(joined, header, block)
  }
  await flush()
  return written
}

interface Joined { header: BlockHeader; tables: Buffer[]; bodies: Buffer[] }

function fits({ header }: Joined, block: ParsedBlock): boolean {
  return header.bodyBytes + block.body.length <= blockBodyBytes && header.segments + block.segments <= mostSegments
}

function joinedWith(joined: Joined | null, header: BlockHeader, { table, body }: ParsedBlock): Joined {
  if (!joined) return { header, tables: [table], bodies: [body] }
  return {
    header: {
      ...joined.header,
      bodyBytes: joined.header.bodyBytes + body.length,
      segments: joined.header.segments + header.segments,
      lines: joined.header.lines + header.lines,
      sourceMask: joined.header.sourceMask | header.sourceMask,
      firstAtMs: Math.min(joined.header.firstAtMs, header.firstAtMs),
      lastAtMs: Math.max(joined.header.lastAtMs, header.lastAtMs),
    },
    tables: [...joined.tables, table],
    bodies: [...joined.bodies, body],
  }
}

async function writeBlock(target: FileHandle, { header, tables, bodies }: Joined): Promise<number> {
  const table = Buffer.concat(tables)
  const body = await deflate(Buffer.concat(bodies), { level })
  return writeAll(target, [toHeader({ ...header, flags: flagDeflated, storedBytes: body.length }, table), table, body])
}

async function writeAll(target: FileHandle, buffers: Buffer[]): Promise<number> {
  const bytes = Buffer.concat(buffers)
  await target.appendFile(bytes)
  return bytes.length
}
