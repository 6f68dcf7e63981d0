import { crc32 } from 'node:zlib'
import type { LogLevel, LogSource } from '../../shared/run/event.ts'

/**
 * The file of a log: blocks, one after the other, each
 *
 *   header (64 bytes) | segment table (24 bytes each) | body: whole lines, each ended by \n
 *
 * A segment is a stretch of lines that came from one source at one time; a flow message is a segment of its own.
 * The body is nothing but text, so a search runs over it in one go and only asks the table about lines that match.
 * Everything is little-endian. The checksum covers header and table: they decide where the next block is looked for.
 */
export const headerBytes = 64
export const segmentBytes = 24
/** A body is about this long; one longer line makes a longer body. */
export const blockBodyBytes = 256 * 1024
/** A block is closed at this many segments, however short they are. */
export const mostSegments = 4096
export const formatVersion = 1
const magic = 0x474f4c43 // "CLOG"

/** The order is part of the format: add at the end. */
export const sources: readonly LogSource[] = ['client', 'network', 'proxy', 'gateway', 'connector', 'wrapper', 'os', 'platform', 'stdout', 'stderr', 'cutoff']
export const levels: readonly (LogLevel | null)[] = [null, 'debug', 'info', 'warn', 'error']

/** Body is deflated. */
export const flagDeflated = 1
/** The lines could not be kept (the disk was full): they are counted, and gone. */
export const flagLost = 2

export interface BlockHeader {
  flags: number
  /** Bytes of the body as it stands in the file. */
  storedBytes: number
  /** Bytes of the body as text. */
  bodyBytes: number
  segments: number
  lines: number
  /** One bit per source that has a line in here. */
  sourceMask: number
  firstLine: number
  firstAtMs: number
  lastAtMs: number
}

export interface Segment {
  atMs: number
  lines: number
  bytes: number
  /** Flow message: how many bytes of the line are the message; the rest are its fields. 0 for output. */
  messageBytes: number
  source: LogSource
  level: LogLevel | null
}

export function maskOf(source: LogSource): number {
  return 1 << sources.indexOf(source)
}

/** What a script writes itself: lines without a level. */
export const outputMask = maskOf('stdout') | maskOf('stderr')

/** Bytes of a block in the file. */
export function blockBytesOf(header: BlockHeader): number {
  return headerBytes + header.segments * segmentBytes + header.storedBytes
}

export function toHeader(header: BlockHeader, table: Uint8Array): Buffer {
  const bytes = Buffer.alloc(headerBytes)
  bytes.writeUInt32LE(magic, 0)
  bytes.writeUInt16LE(formatVersion, 4)
  bytes.writeUInt16LE(header.flags, 6)
  bytes.writeUInt32LE(header.storedBytes, 8)
  bytes.writeUInt32LE(header.bodyBytes, 12)
  bytes.writeUInt32LE(header.segments, 16)
  bytes.writeUInt32LE(header.lines, 20)
  bytes.writeUInt32LE(header.sourceMask, 24)
  bytes.writeDoubleLE(header.firstLine, 32)
  bytes.writeDoubleLE(header.firstAtMs, 40)
  bytes.writeDoubleLE(header.lastAtMs, 48)
  bytes.writeUInt32LE(checksumOf(bytes, table), 60)
  return bytes
}

/** Null where the bytes are no block's beginning; a later version is an error that names it. */
export function parseHeader(bytes: Buffer): BlockHeader | null {
  if (bytes.length < headerBytes || bytes.readUInt32LE(0) !== magic) return null
  const version = bytes.readUInt16LE(4)
  if (version > formatVersion) throw new Error(`the log was written by a newer Cutoff (format ${version}, this one reads up to ${formatVersion}): open it with that one`)
  return {
    flags: bytes.readUInt16LE(6),
    storedBytes: bytes.readUInt32LE(8),
    bodyBytes: bytes.readUInt32LE(12),
    segments: bytes.readUInt32LE(16),
    lines: bytes.readUInt32LE(20),
    sourceMask: bytes.readUInt32LE(24),
    firstLine: bytes.readDoubleLE(32),
    firstAtMs: bytes.readDoubleLE(40),
    lastAtMs: bytes.readDoubleLE(48),
  }
}

/** Do header and table still say what was written? */
export function isIntact(header: Buffer, table: Uint8Array): boolean {
  return header.readUInt32LE(60) === checksumOf(header, table)
}

function checksumOf(header: Buffer, table: Uint8Array): number {
  return crc32(table, crc32(header.subarray(0, 60)))
}

export function writeSegment(table: Buffer, index: number, atMs: number, lines: number, bytes: number, messageBytes: number, source: LogSource, level: LogLevel | null): void {
  const at = index * segmentBytes
  table.writeDoubleLE(atMs, at)
  table.writeUInt32LE(lines, at + 8)
  table.writeUInt32LE(bytes, at + 12)
  table.writeUInt32LE(messageBytes, at + 16)
  table[at + 20] = sources.indexOf(source)
  table[at + 21] = levels.indexOf(level)
}

/** More lines for a segment that is there already. */
export function growSegment(table: Buffer, index: number, lines: number, bytes: number): void {
  const at = index * segmentBytes
  table.writeUInt32LE(table.readUInt32LE(at + 8) + lines, at + 8)
  table.writeUInt32LE(table.readUInt32LE(at + 12) + bytes, at + 12)
}

export function segmentAt(table: Buffer, index: number): Segment {
  const at = index * segmentBytes
  return {
    atMs: table.readDoubleLE(at),
    lines: table.readUInt32LE(at + 8),
    bytes: table.readUInt32LE(at + 12),
    messageBytes: table.readUInt32LE(at + 16),
    source: sources[table[at + 20] ?? 0] ?? 'cutoff',
    level: levels[table[at + 21] ?? 0] ?? null,
  }
}
