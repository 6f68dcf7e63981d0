import { describe, expect, test } from 'vitest'
import { ansiRuns } from '../../../renderer/ui/ansi.ts'
import { plainText } from '../../../shared/text/plain-text.ts'
import { markPattern, markRuns } from '../../../renderer/features/log/marks.ts'
import { searchWords } from '../../../renderer/features/log/search-words.ts'
import { contentHeight, isTrueToScale, lastTop, scrollTopOf, tallestPx, topRowBefore, topRowFor, topRowOf } from '../../../renderer/features/log/scroll.ts'
import { logTimeOf } from '../../../renderer/features/log/time-column.ts'
import { logPointOf } from '../../../renderer/state/log-times.ts'
import { lineFinderOf, problemOfFilter } from '../../../electron/log/line-finder.ts'
import { filterOf } from '../../../renderer/state/log.ts'
import { blockRows, createRowCache } from '../../../renderer/state/row-cache.ts'

describe('a line of the log', () => {
  test('shows terminal colours as classes and nothing of the sequences', () => {
    expect(ansiRuns('\u001b[1;31mfailed\u001b[0m after \u001b[38;5;46m3\u001b[39m tries')).toEqual([
      { text: 'failed', className: 'ansi-red strong' }, { text: ' after ', className: '' }, { text: '3', className: 'ansi-green' }, { text: ' tries', className: '' },
    ])
    expect(plainText('\u001b]0;title\u0007\u001b[2Khello')).toBe('hello')
    expect(ansiRuns('\u001b[38;2;255;0;0mred')[0]?.className).toBe('ansi-red')
  })
  test('shows control characters instead of obeying them', () => {
    expect(plainText('a\u0000b\rc\u0007\u007f')).toBe('a‹\\x00›b‹\\r›c‹\\x07\\x7f›')
    expect(plainText('\u202eevil')).toBe('‹\\u202e›evil')
    expect(plainText('a\tb')).toBe('a\tb')
  })
  test('tells what cannot be seen apart from what somebody wrote, and keeps it as it came', () => {
    expect(ansiRuns('\\x07 \u001b[31m\u0007\u0000red')).toEqual([{ text: '\\x07 ', className: '' }, { text: '\u0007\u0000', shown: '\\x07\\x00', className: 'ansi-red' }, { text: 'red', className: 'ansi-red' }])
    expect(markRuns(ansiRuns('a\u0007b'), markPattern('/\\x07/')).map(({ text, marked }) => ({ text, marked }))).toEqual([{ text: 'a', marked: false }, { text: '\u0007', marked: true }, { text: 'b', marked: false }])
  })
  test.each([
    ['a mark that turns the direction', 'a\u202eb', '\\u202e'], ['one that isolates', 'a\u2067b', '\\u2067'], ['a space without width', 'a\u200bb', '\\u200b'], ['a joiner between letters', 'a\u200db', '\\u200d'],
    ['a byte order mark', '\ufeffb', '\\ufeff'], ['a soft hyphen', 'a\u00adb', '\\xad'], ['half of a surrogate pair', 'a\ud83db', '\\ud83d'], ['a line separator', 'a\u2028b', '\\u2028'],
    ['a tag', 'a\u{e0041}b', '\\U000e0041'], ['C1', 'a\u009bb', '\\x9b'], ['a filler', 'a\u3164b', '\\u3164'],
  ])('shows %s', (_, text, shown) => {
    expect(ansiRuns(text).filter((run) => run.shown !== undefined).map((run) => run.shown)).toEqual([shown])
    expect(ansiRuns(text).map((run) => run.text).join('')).toBe(text)
  })
  test('leaves emoji and their joiners alone', () => {
    for (const text of ['👩🏽‍💻', '🏳️‍🌈', '❤️', '日本 é']) expect(ansiRuns(text)).toEqual([{ text, className: '' }])
  })
  test('of nothing but control characters is a bounded number of pieces', () => {
    const line = 'a\u0000'.repeat(8000)
    const runs = ansiRuns(line)
    expect(runs.length).toBeLessThan(500)
    expect(runs.map((run) => run.text).join('')).toBe(line)
  })
  test('keeps markup as text', () => {
    expect(ansiRuns('<img src=x onerror=alert(1)>')).toEqual([{ text: '<img src=x onerror=alert(1)>', className: '' }])
  })
  test.each(['\u001b[', '\u001b', '\u001b[999999999999m', '\u001b]unfinished', '\u001b[38;5m', ''])('survives a broken sequence %j', (text) => {
    expect(() => ansiRuns(text)).not.toThrow()
  })
})

test('the words of a line beside the chart are without colours, with what cannot be seen written out', () => {
  expect(logPointOf({ line: 3, atMs: 5, source: 'stdout', level: null, text: '\u001b[31mred\u001b[0m \u202eevil\u0000', cut: false, fields: null })).toEqual({ line: 3, atMs: 5, source: 'stdout', bad: false, text: 'red ‹\\u202e›evil‹\\x00›' })
})

describe('the filter', () => {
  test('is text, or a regular expression between slashes', () => {
    expect(filterOf('', [])).toBeNull()
    expect(filterOf('5.0', [])).toEqual({ text: '5.0', regex: false, sources: null })
    expect(filterOf('/5\\d\\d/', [])).toEqual({ text: '5\\d\\d', regex: true, sources: null })
    expect(filterOf('', ['stdout'])?.sources).not.toContain('stdout')
  })
  test.each(['/5\\d\\d/', '/5\\d\\d/i'])('takes %s for a regular expression', (written) => {
    expect(filterOf(written, [])).toEqual({ text: '5\\d\\d', regex: true, sources: null })
  })
  test.each(['/usr/bin', '/home/sid', '/home/gus', '/var/lib/mysql', '/api/v1', '/srv/x', '/error/g', '/error/gi', '/error/ii', '//', '//i', '/', 'a/b/', '/error/ '])('takes %s for text', (written) => {
    expect(filterOf(written, [])).toEqual({ text: written, regex: false, sources: null })
    expect(markRuns([{ text: `in ${written} there`, className: '' }], markPattern(written)).filter((run) => run.marked).map((run) => run.text)).toEqual([written])
  })
  test.each(['/usr/local/', '/home/i', '/var/log/app.d/'])('finds the lines with the path %s, although it is taken for an expression', (path) => {
    const found: string[] = []
    lineFinderOf(filterOf(path, []))?.(`none\nin ${path} there\n`, (start, end) => { found.push(`none\nin ${path} there\n`.slice(start, end)) })
    expect(found).toEqual([`in ${path} there`])
  })
  test.each([
    ['line', 11, '11 lines shown with the text "line"'], ['/home/sid', 1, '1 line shown with the text "/home/sid"'], ['/5\\d/i', 2000, '2 000 lines shown that match the regular expression 5\\d'],
    ['/5/', 1, '1 line shown that matches the regular expression 5'], ['', 3, '3 lines shown'], ['', 0, 'No line matches.'], ['x', 0, 'No line has the text "x".'], ['/x/', 0, 'No line matches the regular expression x.'],
    ['/home/sid', 0, 'No line has the text "/home/sid". A regular expression ends in / or /i.'], ['/usr/bin', 0, 'No line has the text "/usr/bin".'],
  ])('says of %j with %d lines which of the two it is', (filterText, total, words) => {
    expect(searchWords({ filterText, total, scanning: false, progress: null }).replaceAll('\u00a0', ' ')).toBe(words)
  })
  test('says so while it searches', () => {
    expect(searchWords({ filterText: '/x/', total: 4, scanning: true, progress: null })).toBe('Searching for the regular expression x: 4 so far')
    expect(searchWords({ filterText: '', total: 4, scanning: true, progress: null })).toBe('Searching: 4 so far')
  })
  test.each([['/fo+/i', 'Foo'], ['/\\p{Lu}\\u{6f}/', 'Fo'], ['FOO', 'Foo']])('marks what the engine finds with %s', (written, found) => {
    const filter = filterOf(written, [])
    const lines: string[] = []
    lineFinderOf(filter)?.('none\nxx Foo\n', (start, end) => { lines.push('none\nxx Foo\n'.slice(start, end)) })
    expect(lines).toContain('xx Foo')
    expect(markRuns([{ text: 'xx Foo', className: '' }], markPattern(written)).filter((run) => run.marked).map((run) => run.text)).toContain(found)
  })
  test('marks nothing where the engine refuses the expression', () => {
    expect(problemOfFilter(filterOf('/(/', []))).toContain('regular expression')
    expect(markPattern('/(/')).toBeNull()
  })
  test('marks what it found, special characters taken as they are', () => {
    const marked = markRuns([{ text: 'a+b=a+b', className: '' }], markPattern('a+b'))
    expect(marked.filter((run) => run.marked).map((run) => run.text)).toEqual(['a+b', 'a+b'])
    expect(marked.map((run) => run.text).join('')).toBe('a+b=a+b')
    expect(markPattern('/(/')).toBeNull()
    expect(markRuns([{ text: 'abc', className: '' }], markPattern('/x*/')).map((run) => run.text)).toEqual(['abc'])
  })
})

describe('scrolling', () => {
  const ten = { rows: 10_000_000, rowHeight: 20, viewport: 400 }
  test('ten million rows fit under a scroll bar that browsers can draw', () => {
    expect(contentHeight(ten)).toBe(tallestPx)
    expect(isTrueToScale(ten)).toBe(false)
    expect(topRowOf(ten, contentHeight(ten) - 400)).toBe(lastTop(ten))
    expect(topRowOf(ten, scrollTopOf(ten, 1_234_567))).toBeCloseTo(1_234_567, 3)
  })
  test('a short log is true to scale and stays at its top', () => {
    const short = { rows: 5, rowHeight: 20, viewport: 400 }
    expect(isTrueToScale(short)).toBe(true)
    expect(lastTop(short)).toBe(0)
    expect(topRowOf(short, 999)).toBe(0)
  })
  test('a row that is in sight is not moved, another comes to the upper third, the first row whole', () => {
    expect(topRowFor(ten, 100, 105)).toBe(100)
    expect(topRowFor(ten, 100, 5000)).toBe(Math.floor(5000 - 20 / 3))
    expect(topRowFor(ten, 100, 2)).toBe(0)
    // A cut is shown with what followed it, and with all of what came before it that has room.
    expect(topRowBefore(ten, 15, 2)).toBe(0)
    expect(topRowBefore(ten, 5000, 2)).toBe(5003 - 20)
  })
})

describe('rows that are kept', () => {
  const rows = (block: number, count = blockRows) => Array.from({ length: count }, (_, index) => block * blockRows + index)
  test('are asked for by blocks, each once', () => {
    const cache = createRowCache<number>()
    expect(cache.missing(0, 300)).toEqual([0, 1, 2])
    cache.put(1, rows(1))
    expect(cache.missing(0, 300)).toEqual([0, 2])
    expect(cache.row(blockRows + 5)).toBe(blockRows + 5)
    expect(cache.row(5)).toBeUndefined()
  })
  test('a block that has grown is asked for again, and shows what it has meanwhile', () => {
    const cache = createRowCache<number>()
    cache.put(0, rows(0, 10))
    expect(cache.missing(0, 10)).toEqual([])
    expect(cache.missing(0, 20)).toEqual([0])
    expect(cache.row(9)).toBe(9)
    cache.put(0, rows(0, 20))
    expect(cache.missing(0, 20)).toEqual([])
  })
  test('never grow beyond what one scrolls over, the least used go first', () => {
    const cache = createRowCache<number>()
    for (let block = 0; block < 1000; block++) { cache.put(block, rows(block)); cache.missing(0, 1) }
    expect(cache.size).toBeLessThanOrEqual(96)
    expect(cache.row(0)).toBe(0)
    expect(cache.row(500 * blockRows)).toBeUndefined()
  })
})

test('times are ms since the request, or the time of day', () => {
  expect(logTimeOf(2071.44, 'relative', '').replaceAll('\u00a0', ' ')).toBe('2 071.4')
  expect(logTimeOf(1500, 'absolute', new Date(2026, 4, 3, 14, 32, 7).toISOString())).toBe('14:32:08.500')
})
