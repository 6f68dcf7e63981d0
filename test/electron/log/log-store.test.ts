import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogStore, openLogStore, type LogStore } from '../../../electron/log/log-store.ts'
import { searchToEnd } from './search-to-end.ts'

let folder: string
let store: LogStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-log-'))
  store = createLogStore({ dir: join(folder, 'run') })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const print = (text: string | Uint8Array, atMs = 1, stream: 'stdout' | 'stderr' = 'stdout') =>
  store.appendOutput(stream, typeof text === 'string' ? Buffer.from(text) : text, atMs)
const texts = async (from = 0, count = 5000) => (await store.rows(from, count)).map((row) => row.text)

describe('lines', () => {
  test('come back whole however the chunks were cut', async () => {
    const lines = Array.from({ length: 4000 }, (_, index) => 'ä€😀x'.repeat(index % 50) + index)
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    let seed = 7
    for (let at = 0; at < bytes.length;) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      const length = seed > 2 ** 31 ? 1 : 1 + (seed % 997)
      print(bytes.subarray(at, at + length), at / 1000)
      at += length
    }
    expect(await texts()).toEqual(lines)
    await store.end()
    expect(await texts()).toEqual(lines)
    expect(store.lineCount).toBe(lines.length)
  })

  test('of both streams interleave by the arrival of their ends, and keep their own beginnings', async () => {
    print('out a', 1)
    print('err a', 2, 'stderr')
    print('b\nnext', 3)
    print('b\n', 4, 'stderr')
    await store.end()
    expect((await store.rows(0, 9)).map(({ text, source, atMs }) => ({ text, source, atMs }))).toEqual([
      { text: 'out ab', source: 'stdout', atMs: 3 },
      { text: 'err ab', source: 'stderr', atMs: 4 },
      { text: 'next', source: 'stdout', atMs: 3 },
    ])
  })

  test('lose their carriage return at the end and nowhere else', async () => {
    print('one\r\nt\rwo\r\n\r\n')
    expect(await texts()).toEqual(['one', 't\rwo', ''])
  })

  test('may hold any bytes; what is no text shows as a replacement character', async () => {
    print(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))
    print('\nnext\n')
    const rows = await texts()
    expect(rows).toHaveLength(3)
    expect(rows[1]).toContain('abc')
    expect(rows[1]).toContain('\ufffd')
    expect(rows[2]).toBe('next')
  })

  test('of 10 MB are one line: a row shows its first 16 KB and says so, the text has all of it', async () => {
    const long = 'é'.repeat(5 * 1024 ** 2)
    print('before\n')
    for (let at = 0; at < long.length; at += 65536) print(long.slice(at, at + 65536))
    print('\nafter\n')
    const rows = await store.rows(0, 5)
    expect(rows.map((row) => row.cut)).toEqual([false, true, false])
    expect(rows[1]?.text).toBe('é'.repeat(8192))
    expect(rows[2]?.text).toBe('after')
    const { text } = await store.text({ from: 1, count: 1, filter: null, maxBytes: 11 * 1024 ** 2 })
    expect(text === `${long}\n`).toBe(true)
  })

  test('that never end are ended at 32 MB, so memory stays bounded', async () => {
    const piece = Buffer.alloc(8 * 1024 ** 2, 'x')
    for (let index = 0; index < 5; index++) print(piece)
    expect(store.lineCount).toBe(1)
    await store.end()
    expect(store.lineCount).toBe(2)
  })

  test('written by a chunk of many megabytes at once are all there', async () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `line ${index}`)
    print(`${lines.join('\n')}\n`)
    expect(store.lineCount).toBe(300_000)
    expect(await texts(299_998, 5)).toEqual(['line 299998', 'line 299999'])
    await store.end()
    expect(await texts(123_456, 1)).toEqual(['line 123456'])
  })

  test('that are empty count', async () => {
    print('\n'.repeat(100_000))
    expect(store.lineCount).toBe(100_000)
    expect((await store.rows(99_999, 5)).map((row) => [row.line, row.text])).toEqual([[99_999, '']])
  })
})

describe('messages', () => {
  test('keep their level and fields, and get the number of their line', async () => {
    print('output\n')
    const fields = { script_path: '/a b/"c"=d.py', timeout_seconds: 65, ok: true, none: null, stderr: 'Traceback\n  line = 1\n' }
    expect(store.appendMessage({ source: 'connector', level: 'error', message: 'Python script execution timed out', fields, atMs: 9.5 })).toBe(1)
    expect((await store.rows(1, 1))[0]).toEqual({
      line: 1, atMs: 9.5, source: 'connector', level: 'error', text: 'Python script execution timed out', cut: false, fields,
    })
  })

  test('are one line each, without fields or with an equals sign of their own', async () => {
    store.appendMessage({ source: 'gateway', level: 'info', message: 'first\nsecond a=1', fields: {}, atMs: 1 })
    expect((await store.rows(0, 9)).map(({ text, fields }) => ({ text, fields }))).toEqual([{ text: 'first\\nsecond a=1', fields: null }])
  })

  test('and output are counted per source', async () => {
    print('a\nb\n')
    print('c\n', 2, 'stderr')
    store.appendMessage({ source: 'gateway', level: 'info', message: 'm', fields: {}, atMs: 3 })
    expect(store.counts).toEqual({ stdout: 2, stderr: 1, gateway: 1 })
  })
})

describe('rows', () => {
  test('outside of the log are none', async () => {
    print('a\n')
    expect(await store.rows(1, 10)).toEqual([])
    expect(await store.rows(-5, 1)).toHaveLength(1)
    expect(await store.rows(0, -1)).toEqual([])
  })

  test('are found by time', async () => {
    for (let index = 0; index < 1000; index++) print(`line ${index}\n`, index * 10)
    expect(await store.lineAt(-1)).toBe(0)
    expect(await store.lineAt(5005)).toBe(500)
    expect(await store.lineAt(1e9)).toBe(999)
    await store.end()
    expect(await store.lineAt(5005)).toBe(500)
    expect(await store.lineAt(5000)).toBe(500)
  })

  test('keep times apart that are a millisecond or more apart', async () => {
    for (let index = 0; index < 10; index++) print(`line ${index}\n`, index)
    expect((await store.rows(0, 10)).map((row) => row.atMs)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('on disk', () => {
  test('a log is for its owner only, and never written over another', () => {
    expect(statSync(join(store.dir, 'log.blocks')).mode & 0o777).toBe(0o600)
    expect(statSync(store.dir).mode & 0o777).toBe(0o700)
    expect(() => createLogStore({ dir: store.dir })).toThrow(/EEXIST/)
  })

  test('a log opens again with every line, count and time', async () => {
    print('a\nb\n', 1)
    store.appendMessage({ source: 'connector', level: 'warn', message: 'm', fields: { k: 1 }, atMs: 2 })
    print('c', 3, 'stderr')
    await store.end()
    const before = await store.rows(0, 9)
    const again = await openLogStore(store.dir)
    expect(await again.rows(0, 9)).toEqual(before)
    expect(again.lineCount).toBe(4)
    expect(again.counts).toEqual({ stdout: 2, connector: 1, stderr: 1 })
    expect(again.damage).toBeNull()
    expect((await searchToEnd(again, { text: 'K=1', regex: false, sources: null })).total).toBe(1)
    await again.close()
  })

  test('a log cut short anywhere opens with its whole blocks and says what is missing', async () => {
    for (let index = 0; index < 3; index++) print(Buffer.from(`line ${index} `.padEnd(200_000, 'x').concat('\n')), index)
    await store.end()
    const file = join(store.dir, 'log.blocks')
    const size = statSync(file).size
    for (const length of [size - 1, size - 200_000, size - 200_090, 300_000, 30, 0]) {
      truncateSync(file, length)
      const again = await openLogStore(store.dir)
      const rows = await again.rows(0, 9)
      expect(rows.map((row) => row.text.slice(0, 6))).toEqual(['line 0', 'line 1', 'line 2'].slice(0, again.lineCount))
      expect(again.lineCount).toBe(Math.floor(length / (size / 3)))
      expect(again.damage === null).toBe(length === 0)
      await again.close()
    }
  })

  test('a damaged table costs the lines of its block, not the log', async () => {
    for (let index = 0; index < 3; index++) print(Buffer.from(`line ${index} `.padEnd(200_000, 'x').concat('\n')), index)
    await store.end()
    const file = join(store.dir, 'log.blocks')
    const bytes = readFileSync(file)
    const second = bytes.length / 3
    bytes[second + 64 + 3]! ^= 0xff
    writeFileSync(file, bytes)
    const again = await openLogStore(store.dir)
    expect((await again.rows(0, 9)).map((row) => row.text.slice(0, 16))).toEqual(['line 0 xxxxxxxxx', '(this line is lo', 'line 2 xxxxxxxxx'])
    expect((await searchToEnd(again, { text: 'line \\d', regex: true, sources: null })).rows.map((row) => row.line)).toEqual([0, 2])
    await again.close()
  })

  test('a log of a newer version is refused with a sentence', async () => {
    print('a\n')
    await store.end()
    const file = join(store.dir, 'log.blocks')
    const bytes = readFileSync(file)
    bytes.writeUInt16LE(99, 4)
    writeFileSync(file, bytes)
    await expect(openLogStore(store.dir)).rejects.toThrow(/newer Cutoff \(format 99/)
  })

  test('a removed log leaves nothing behind', async () => {
    print('a\n')
    await store.remove()
    expect(() => statSync(store.dir)).toThrow(/ENOENT/)
  })
})
