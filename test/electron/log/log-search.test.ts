import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogFilter } from '../../../shared/bridge/contract.ts'
import { createLogStore, type LogStore } from '../../../electron/log/log-store.ts'
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

const print = (text: string, stream: 'stdout' | 'stderr' = 'stdout') => store.appendOutput(stream, Buffer.from(text), 1)
const filterOf = (text: string, rest: Partial<LogFilter> = {}): LogFilter => ({ text, regex: false, sources: null, ...rest })
const regex = (text: string, rest: Partial<LogFilter> = {}) => filterOf(text, { regex: true, ...rest })

const search = (filter: LogFilter, from = 0, count = 100) => searchToEnd(store, filter, from, count)
const found = async (filter: LogFilter) => (await search(filter)).rows.map((row) => row.text)

describe('a text filter', () => {
  test('finds a part of a line whatever its case, and special characters mean themselves', async () => {
    print('Hello World\nhello\nwor(ld)+\n')
    expect(await found(filterOf('WORLD'))).toEqual(['Hello World'])
    expect(await found(filterOf('(LD)+'))).toEqual(['wor(ld)+'])
    expect(await found(filterOf('.*'))).toEqual([])
  })

  test('finds letters beyond ASCII, also where their lower case is longer', async () => {
    print('İstanbul one\nÄRGER two\n😀 three\n')
    expect(await found(filterOf('ärger'))).toEqual(['ÄRGER two'])
    expect(await found(filterOf('TWO'))).toEqual(['ÄRGER two'])
    expect(await found(filterOf('😀'))).toEqual(['😀 three'])
  })

  test('counts a line once, however often it matches, and never joins two lines', async () => {
    print('aXaXa\nX\n\nb\nc\n')
    expect((await search(filterOf('x'))).total).toBe(2)
    expect(await found(filterOf('b\nc'))).toEqual([])
  })

  test('sees the fields of a message', async () => {
    store.appendMessage({ source: 'connector', level: 'info', message: 'Python script execution completed', fields: { execution_time_ms: 500 }, atMs: 1 })
    const [row] = (await search(filterOf('execution_time_ms=500'))).rows
    expect(row).toMatchObject({ text: 'Python script execution completed', fields: { execution_time_ms: 500 }, line: 0 })
  })
})

describe('a regular expression', () => {
  test('means what it means on each line alone', async () => {
    print('foo\nbar foo\nfoo bar\r\nfoo  \nfo\no\n')
    expect(await found(regex('^foo$'))).toEqual(['foo'])
    expect(await found(regex('bar$'))).toEqual(['foo bar'])
    expect(await found(regex('foo(?!\\s*bar)'))).toEqual(['foo', 'bar foo', 'foo  '])
    expect(await found(regex('o\\s+b'))).toEqual(['foo bar'])
    expect(await found(regex('[^x]{5,}'))).toEqual(['bar foo', 'foo bar', 'foo  '])
  })

  test('ignores case, and is taken as it stands, slashes included', async () => {
    print('Foo\nfoo\n/foo/\n')
    expect(await found(regex('FOO'))).toEqual(['Foo', 'foo', '/foo/'])
    expect(await found(regex('/Foo/'))).toEqual(['/foo/'])
  })

  test('that is none is refused with its fault', async () => {
    print('a\n')
    expect(await search(regex('(a+'))).toMatchObject({ total: 0, rows: [], error: expect.stringMatching(/^this is not a regular expression: .*Unterminated group/) })
  })

  test('that would run for ever is stopped and refused; the log and other searches go on', async () => {
    print(`${'a'.repeat(60)}!\nhello\n`)
    const asked = search(regex('^(a|a)+$'))
    expect(await store.rows(1, 1)).toHaveLength(1)
    expect((await asked).error).toContain('takes too long')
    expect(await found(filterOf('hello'))).toEqual(['hello'])
    expect((await search(regex('^(a|a)+$'))).error).toContain('takes too long')
  })
})

describe('sources', () => {
  test('narrow a search, alone or with a text', async () => {
    for (let index = 0; index < 300; index++) print(`line ${index}\n`, index % 3 === 0 ? 'stderr' : 'stdout')
    store.appendMessage({ source: 'gateway', level: 'info', message: 'line of the gateway', fields: {}, atMs: 1 })
    expect((await search(filterOf('', { sources: ['stderr'] }))).total).toBe(100)
    expect((await search(filterOf('', { sources: ['gateway'] }))).rows.map((row) => row.line)).toEqual([300])
    expect((await search(regex('line \\d*7$', { sources: ['stderr'] }))).rows.map((row) => row.text)).toEqual(
      Array.from({ length: 300 }, (_, index) => index).filter((index) => index % 10 === 7 && index % 3 === 0).map((index) => `line ${index}`))
    expect((await search(filterOf('', { sources: [] }))).total).toBe(0)
  })
})

describe('paging', () => {
  test('gives the same matches as looking at every line, from any place', async () => {
    const total = 200_000
    let text = ''
    for (let index = 0; index < total; index++) text += `line ${index} ${index % 977 === 0 ? 'rare' : 'usual'} padding of some length\n`
    print(text)
    await store.end()
    for (const [filter, matching] of [[regex('line \\d*99 '), (index: number) => index % 100 === 99], [filterOf('RARE'), (index: number) => index % 977 === 0]] as const) {
      const expected = Array.from({ length: total }, (_, index) => index).filter(matching)
      expect((await search(filter)).total).toBe(expected.length)
      for (const from of [0, 1, 17, expected.length - 30, expected.length - 1, expected.length, expected.length + 5]) {
        expect((await search(filter, from, 30)).rows.map((row) => row.line)).toEqual(expected.slice(Math.max(0, from), from + 30))
      }
    }
  })

  test('counts lines that come while somebody looks', async () => {
    print('match 1\nother\n')
    expect((await search(filterOf('match'))).total).toBe(1)
    print('match 2\n')
    expect((await search(filterOf('match'))).total).toBe(2)
    await store.end()
    store.appendMessage({ source: 'cutoff', level: 'info', message: 'match 3', fields: {}, atMs: 2 })
    expect((await search(filterOf('match'), 1, 10)).rows.map((row) => row.text)).toEqual(['match 2', 'match 3'])
  })

  test('of an empty log and of no lines is empty', async () => {
    expect(await search(filterOf('x'))).toEqual({ rows: [], total: 0, scanning: false, error: null })
    print('x\n')
    expect(await search(filterOf('x'), 0, 0)).toMatchObject({ rows: [], total: 1 })
  })
})

describe('text for copying', () => {
  test('leaves out secrets where it is told to, also a key that runs over many lines', async () => {
    print('login password=hunter2\ntold swordfish\n-----BEGIN PRIVATE KEY-----\nMIIEow\n-----END PRIVATE KEY-----\n')
    const query = { from: 0, count: 9, filter: null, maxBytes: 1000 }
    expect((await store.text({ ...query, secrets: ['swordfish'] })).text).toBe('login password=[redacted]\ntold [redacted]\n-----BEGIN PRIVATE KEY-----[redacted]-----END PRIVATE KEY-----\n[redacted]\n-----END PRIVATE KEY-----\n')
    expect((await store.text(query)).text).toContain('hunter2\ntold swordfish\n')
  })
  test('has whole lines only, up to the bytes asked for', async () => {
    print('one\ntwo\r\nthree\n')
    expect(await store.text({ from: 0, count: 9, filter: null, maxBytes: 1000 })).toEqual({ text: 'one\ntwo\nthree\n', truncated: false })
    expect(await store.text({ from: 0, count: 9, filter: null, maxBytes: 10 })).toEqual({ text: 'one\ntwo\n', truncated: true })
    expect(await store.text({ from: 1, count: 1, filter: null, maxBytes: 1000 })).toEqual({ text: 'two\n', truncated: false })
    expect(await store.text({ from: 1, count: 9, filter: filterOf('t'), maxBytes: 1000 })).toEqual({ text: 'three\n', truncated: false })
  })

  test('tells who wrote each line and when, where that is asked for', async () => {
    print('one\n')
    store.appendMessage({ source: 'gateway', level: 'warn', message: 'gone', fields: { status: 499 }, atMs: 1234.56 })
    expect((await store.text({ from: 0, count: 9, filter: null, maxBytes: 1000, columns: { zeroMs: null } })).text).toMatch(/^\d+\.\d\tstdout\t\tone\n1234\.6\tgateway\twarn\tgone status=499\n$/)
    expect((await store.text({ from: 1, count: 1, filter: null, maxBytes: 1000, columns: { zeroMs: Date.parse('2026-01-02T03:04:05Z') } })).text).toBe('2026-01-02T03:04:06.234Z\tgateway\twarn\tgone status=499\n')
    expect(await store.text({ from: 0, count: 9, filter: null, maxBytes: 12, columns: { zeroMs: null } })).toMatchObject({ text: '', truncated: true })
  })

  test('keeps its place over many blocks', async () => {
    let text = ''
    for (let index = 0; index < 600_000; index++) text += `some line with the number ${index}\n`
    print(text)
    await store.end()
    const { text: got, truncated } = await store.text({ from: 555_000, count: 20_000, filter: null, maxBytes: 1e8 })
    expect(truncated).toBe(false)
    expect(got).toBe(text.split('\n').slice(555_000, 575_000).map((line) => `${line}\n`).join(''))
  })

  test('of a filter that is no regular expression is refused', async () => {
    await expect(store.text({ from: 0, count: 1, filter: regex('('), maxBytes: 10 })).rejects.toThrow(/not a regular expression/)
  })
})

test('closing a log in the middle of a search answers the search', async () => {
  print(`${'a'.repeat(60)}!\n`)
  const asked = store.query({ from: 0, count: 1, filter: regex('^(a|a)+$') })
  await store.close()
  expect((await asked).rows).toEqual([])
})

describe('a filter by level', () => {
  const say = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => store.appendMessage({ source: 'gateway', level, message, fields: {}, atMs: 1 })

  test('shows the messages of these levels, and the lines of the script under a level of their own', async () => {
    say('info', 'one')
    print('two\n')
    say('error', 'three')
    expect(await found(filterOf('', { levels: ['error'] }))).toEqual(['three'])
    expect(await found(filterOf('', { levels: [null, 'info'] }))).toEqual(['one', 'two'])
    expect(await found(filterOf('', { levels: [] }))).toEqual([])
  })

  test('goes together with text, a regular expression and sources', async () => {
    say('warn', 'slow upstream')
    say('warn', 'slow client')
    print('slow print\n')
    expect(await found(regex('^slow', { levels: ['warn'] }))).toEqual(['slow upstream', 'slow client'])
    expect(await found(filterOf('CLIENT', { levels: ['warn', null] }))).toEqual(['slow client'])
    expect(await found(filterOf('', { levels: [null], sources: ['gateway'] }))).toEqual([])
    expect(await found(filterOf('', { levels: null, sources: ['stdout'] }))).toEqual(['slow print'])
  })

  test('finds the messages among many lines of output, wherever they stand', async () => {
    say('error', 'first')
    print('chatter\n'.repeat(200_000))
    say('error', 'last')
    const page = await search(filterOf('', { levels: ['error'] }))
    expect(page.rows.map((row) => [row.line, row.text])).toEqual([[0, 'first'], [200_001, 'last']])
  })
})
