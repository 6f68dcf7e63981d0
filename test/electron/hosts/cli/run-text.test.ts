import { describe, expect, test, vi } from 'vitest'
import { paintFor } from '../../../../electron/hosts/cli/colors.ts'
import { counted } from '../../../../shared/text/counted.ts'
import { plainText } from '../../../../shared/text/plain-text.ts'
import { runText } from '../../../../electron/hosts/cli/run-text.ts'
import { summaryOf } from '../../../../electron/hosts/cli/summary.ts'
import { summaryText } from '../../../../electron/hosts/cli/summary-text.ts'
import type { RunRecord } from '../../../../shared/run/record.ts'
import { mapTexts, savedRun } from '../../../shared/export/saved-runs.ts'

const paint = paintFor({})
const textOf = (record: RunRecord, said?: Parameters<typeof runText>[1]['said']) => runText(record, { width: 100, paint, ...(said ? { said } : {}) })
const withLines = (record: RunRecord, lines: Partial<NonNullable<RunRecord['stacks']>['lines'][number]>[]): RunRecord => ({
  ...record,
  stacks: {
    rate: 100, gotRate: 99, method: 'external', off: null, samples: 40, torn: 0, lost: 0, split: { computingMs: 0, waitingMs: 400, byState: { sleep: 400 } }, functions: [], lastStack: null, imports: [], garbage: { collections: 0, pausedMs: 0 }, allocations: [],
    lines: lines.map((line) => ({ file: '/tmp/orders/enrich_orders.py', line: 1, function: 'transform', selfMs: 1, ownMs: 1, totalMs: 1, computingMs: 0, waitingMs: 1, ...line })),
  },
})

describe('what run prints for people', () => {
  test('a cut: the sentence first, what to change last', () => {
    const lines = textOf(savedRun('cut').record).trimEnd().split('\n')
    expect(lines[0]).toMatch(/^Cut {2}The client hung up: the 500 ms limit/)
    const titles = lines.filter((line) => /^[A-Z][a-z ]+$/.test(line))
    expect(titles).toEqual(['How we know', 'What followed', 'What to change'])
  })

  test('the five heaviest lines with their text, in columns; a module beside the script by its name', () => {
    const heavy = withLines(savedRun('cut').record, [
      { line: 12, ownMs: 356.2, source: '    reply = fetch(order)' }, { line: 3, ownMs: 43, computingMs: 43, waitingMs: 0, file: '/tmp/orders/helpers.py', source: '  return sum(x)' },
      { line: 5, ownMs: 9, function: 'g' }, { line: 6, ownMs: 8 }, { line: 7, ownMs: 7 }, { line: 8, ownMs: 6 }, { line: 9, ownMs: 0 },
    ])
    expect(textOf(heavy)).toContain([
      'Where the time went',
      '  356.2 ms  waiting    line 12       reply = fetch(order)',
      '     43 ms  computing  helpers.py:3  return sum(x)',
      '      9 ms  waiting    line 5        in g',
      '      8 ms  waiting    line 6        in transform',
      '      7 ms  waiting    line 7        in transform',
      '',
    ].join('\n'))
  })

  test('a failure: its traceback, the end of a long one, and what was printed last', () => {
    const traceback = `Traceback (most recent call last):\n${Array.from({ length: 50 }, (_, level) => `  File "a.py", line ${level}, in f`).join('\n')}\nRecursionError: too deep\n`
    const text = textOf(savedRun('failed').record, { traceback, printed: ['order 1', 'order 2'] })
    expect(text).toContain('Traceback\n  … 36 lines\n')
    expect(text).toContain('  RecursionError: too deep\n\nPrinted last\n  order 1\n  order 2\n')
  })

  test('a completed run shows its output and keeps quiet about the rest', () => {
    const text = textOf(savedRun('completed').record, { traceback: null, printed: ['order 1'] })
    expect(text).toContain('Output\n  {"orders":')
    expect(text).not.toMatch(/Printed last|How we know|What to change/)
  })

  test('deadlines that were far away take one line', () => {
    const later = textOf(savedRun('cut').record).split('\n').filter((line) => line.includes('30 s') && line.startsWith('  still'))
    expect(later).toHaveLength(1)
    expect(later[0]).toMatch(/connector\.python 30 s, wrapper\.timeout 60 s, connector\.context 65 s; the first 29\.\d+ s after the end$/)
  })

  test('nothing of the script reaches the terminal as a command', () => {
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b1m\r\nback\u0008\u202e'
    const record = withLines(mapTexts(savedRun('failed').record, (text, key) => ['headline', 'explanation', 'text', 'consequences', 'fix', 'why_not', 'detail'].includes(key) ? hostile : text), [{ source: hostile, file: `/tmp/${hostile}.py` }])
    const text = textOf(record, { traceback: hostile, printed: [hostile] })
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).toContain('red')
  })
})

test('one is one: no plural behind a 1', () => {
  expect(counted(1, 'byte')).toBe('1 byte')
  expect(counted(0, 'byte')).toBe('0 bytes')
  expect(counted(2000, 'entry', 'entries', '2 000')).toBe('2 000 entries')
  const traceback = Array.from({ length: 60 }, (_, line) => `line ${line}`)
  const most = textOf(savedRun('failed').record, { traceback: traceback.join('\n'), printed: [] }).match(/… (\d+) lines/)
  expect(textOf(savedRun('failed').record, { traceback: traceback.slice(0, 61 - Number(most?.[1])).join('\n'), printed: [] })).toContain('… 1 line\n')
})

test('plain text keeps what people write', () => {
  expect(plainText('Größe 1 €, 日本, 😀\tand tabs\nlines')).toBe('Größe 1 €, 日本, 😀\tand tabs\nlines')
  expect(plainText('one\r\ntwo\rthree \u202eturned \u001b')).toBe('one\ntwo‹\\r›three ‹\\u202e›turned ‹\\x1b›')
  expect(plainText('\u001b]0;no end\nthe next line \u001b[?25lgoes on')).toBe('\nthe next line goes on')
  expect(plainText('\u001b[1;31mred\u001b[0m \u001bM\u0000')).toBe('red ‹\\x00›')
})

test('repeats: how many came through, the spread in columns, each cause with its sentence', () => {
  const cut = savedRun('cut').record
  const text = summaryText(summaryOf([cut, savedRun('completed').record, { ...cut, id: 'other' }]), paint).split('\n')
  expect(text[0]).toBe('3 runs: 2 cut, 1 completed')
  expect(text.find((line) => line.includes('p50'))?.length).toBe(text.find((line) => line.startsWith('  whole'))?.length)
  expect(text.join('\n')).toMatch(/ 2 {2}client\.total {2}The client hung up: .* \(run mwtqbny4-96bd9a\)\n {6}1 {2}none\n/)
  expect(summaryText(summaryOf([cut]), paint)).toContain('1 run: 1 cut')
})

test('colours are for terminals that have them, where nobody said no', () => {
  const painted = (env: Record<string, string>, isTTY = true) => {
    vi.stubEnv('NO_COLOR', env['NO_COLOR'] ?? '')
    vi.stubEnv('TERM', env['TERM'] ?? 'xterm')
    try { return paintFor({ isTTY }).red('x') !== 'x' } finally { vi.unstubAllEnvs() }
  }
  expect([painted({}), painted({}, false), painted({ NO_COLOR: '1' }), painted({ TERM: 'dumb' })]).toEqual([true, false, false, false])
})
