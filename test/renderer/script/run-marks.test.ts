import { expect, test } from 'vitest'
import { Text } from '@codemirror/state'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { toDiagnostic } from '../../../renderer/features/script/python-lint.ts'
import { runMarks } from '../../../renderer/features/script/run-marks.ts'
import { stacksOf } from '../../../renderer/state/stacks.ts'
import { classicEvents, classicRun } from '../classic-run.ts'

test('the line that ran at the cut is marked, and the line that called it', () => {
  const run = classicRun()
  const { lines, error } = runMarks(run, stacksOf(run), false, null, true)
  expect(lines.get(9)).toMatchObject({ kind: 'hot', tag: 'running at the cut' })
  expect(lines.get(17)).toMatchObject({ kind: 'caller' })
  expect(lines.get(9)?.share).toBe(1)
  expect(error).toBeNull()
})

test('the pointer elsewhere shows the line of that instant, without touching the mark of the cut', () => {
  const run = classicRun()
  expect(runMarks(run, stacksOf(run), false, 50, false).lines.get(14)?.tag).toContain('at 50 ms')
  expect(runMarks(run, stacksOf(run), false, 300, true).lines.get(9)).toMatchObject({ kind: 'hot', tag: 'running at the cut' })
})

test('an exception is written under its line, with what explains it', () => {
  const events = classicEvents().filter((event) => event.type !== 'stack')
  const run = foldRun([...events, { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'KeyError', message: "'currency'", file: '/tmp/x/enrich_orders.py', line: 17, traceback: '', detail: 'keys here: id, total' } }])
  const { lines, error } = runMarks(run, stacksOf(run), false, null, false)
  expect(lines.get(17)?.kind).toBe('error')
  expect(error).toEqual({ line: 17, title: "KeyError: 'currency'", text: 'keys here: id, total' })
})

test('an exception in a library is not pinned to a line of the script', () => {
  const run = foldRun([...classicEvents(), { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'ValueError', message: 'x', file: '/usr/lib/json.py', line: 3, traceback: '' } }])
  expect(runMarks(run, stacksOf(run), false, null, false).error).toBeNull()
})

test('a finding outside the text, which may just have been edited, moves to its end', () => {
  const doc = Text.of(['import os', 'x = 1'])
  expect(toDiagnostic({ row: 1, column: 8, endRow: 1, endColumn: 10, code: 'F401', message: 'unused' }, doc)).toMatchObject({ from: 7, to: 9, severity: 'warning' })
  expect(toDiagnostic({ row: 99, column: 99, endRow: 99, endColumn: 99, code: null, message: 'broken' }, doc)).toMatchObject({ from: doc.length, to: doc.length, severity: 'error' })
})
