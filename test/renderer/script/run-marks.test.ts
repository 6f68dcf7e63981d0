import { expect, test } from 'vitest'
import { Text } from '@codemirror/state'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { toDiagnostic } from '../../../renderer/features/script/python-lint.ts'
import { runMarks } from '../../../renderer/features/script/run-marks.ts'
import { unreachedLines } from '../../../renderer/features/script/unreached.ts'
import { stacksOf } from '../../../renderer/state/stacks.ts'
import { classicEvents, classicRun } from '../classic-run.ts'

test('the line that ran at the cut is marked, and the line that called it', () => {
  const run = classicRun()
  const { lines, note } = runMarks(run, stacksOf(run), false, null, true)
  expect(lines.get(9)).toMatchObject({ kind: 'hot', tag: 'running at the cut' })
  expect(lines.get(17)).toMatchObject({ kind: 'caller' })
  expect(lines.get(9)?.share).toBe(1)
  expect(note).toBeNull()
})

test('the pointer elsewhere shows the line of that instant, without touching the mark of the cut', () => {
  const run = classicRun()
  expect(runMarks(run, stacksOf(run), false, 50, false).lines.get(14)?.tag).toContain('at 50 ms')
  expect(runMarks(run, stacksOf(run), false, 300, true).lines.get(9)).toMatchObject({ kind: 'hot', tag: 'running at the cut' })
})

test('an exception is written under its line, with what explains it', () => {
  const events = classicEvents().filter((event) => event.type !== 'stack')
  const run = foldRun([...events, { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'KeyError', message: "'currency'", file: '/tmp/x/enrich_orders.py', line: 17, traceback: '', detail: 'keys here: id, total' } }])
  const { lines, note } = runMarks(run, stacksOf(run), false, null, false)
  expect(lines.get(17)?.kind).toBe('error')
  expect(note).toEqual({ line: 17, kind: 'error', title: "KeyError: 'currency'", text: 'keys here: id, total' })
})

test('an exception in a library is not pinned to a line of the script', () => {
  const run = foldRun([...classicEvents(), { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'ValueError', message: 'x', file: '/usr/lib/json.py', line: 3, traceback: '' } }])
  expect(runMarks(run, stacksOf(run), false, null, false).note).toBeNull()
})

test('a finding outside the text, which may just have been edited, moves to its end', () => {
  const doc = Text.of(['import os', 'x = 1'])
  expect(toDiagnostic({ row: 1, column: 8, endRow: 1, endColumn: 10, code: 'F401', message: 'unused' }, doc)).toMatchObject({ from: 7, to: 9, severity: 'warning' })
  expect(toDiagnostic({ row: 99, column: 99, endRow: 99, endColumn: 99, code: null, message: 'broken' }, doc)).toMatchObject({ from: doc.length, to: doc.length, severity: 'error' })
})

const script = `import time

RATES = {"EUR": 1.0}


def fetch_rate(currency):
    time.sleep(2)
    return RATES[currency]


def transform(input_data):
    orders = input_data["orders"]
    for order in orders:
        if order:
            order["rate"] = fetch_rate(
                order["currency"],
            )
            # not a statement
            print(order)
        else:
            print("none")
    try:
        save(orders)
    except OSError:
        pass

    return {"orders": orders}


def later():
    pass
`

test('lines behind the one that ran are unreached; in a loop only those behind the loop', () => {
  expect(unreachedLines(script, 'transform', 12)).toEqual([13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27])
  expect(unreachedLines(script, 'transform', 15)).toEqual([22, 23, 24, 25, 27])
  expect(unreachedLines(script, 'transform', 27)).toEqual([])
})

test('while the module is still being loaded, all that follows is unreached', () => {
  expect(unreachedLines(script, '<module>', 3)).toEqual([6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27, 30, 31])
})

test.each([
  ['the script calls it as well', `${script}\ntransform({})\n`],
  ['a decorator may call it again', script.replace('def transform', '@retry\ndef transform')],
  ['it is not there', script.replace('def transform', 'def other')],
])('nothing is said of transform where %s', (_, text) => {
  expect(unreachedLines(text, 'transform', 12)).toEqual([])
})

test('nothing is said of a line that is not in the function, or not there', () => {
  expect(unreachedLines(script, 'transform', 7)).toEqual([])
  expect(unreachedLines(script, 'transform', 999)).toEqual([])
})

const withScript = (change: (event: ReturnType<typeof classicEvents>[number]) => ReturnType<typeof classicEvents>[number] | null) => {
  const text = script.replace('orders = input_data["orders"]', '\n'.repeat(4) + '    orders = input_data["orders"]')
  const events = classicEvents().flatMap((event) => {
    const told = event.type === 'run_started' ? { ...event, plan: { ...event.plan, script: { ...event.plan.script, text } } } : event
    return change(told) ?? []
  })
  const run = foldRun(events)
  return runMarks(run, stacksOf(run), false, null, true)
}
const never = ({ lines }: ReturnType<typeof runMarks>) => [...lines].flatMap(([line, mark]) => (mark.never ? [line] : []))

test('a script that was killed is marked with what it had not come to', () => {
  expect(never(withScript((event) => event))).toEqual([26, 27, 28, 29, 31])
})

test.each([
  ['went on and answered', (event) => (event.type === 'process_exited' ? { ...event, exit: { ...event.exit, signal: null, exitCode: 0 } } : event)],
  ['was last seen before its cut', (event) => (event.type === 'stack' ? { ...event, reason: 'last_sample' as const } : event)],
] satisfies [string, Parameters<typeof withScript>[0]][])('a script that %s is marked with nothing unreached', (_, change) => {
  expect(never(withScript(change))).toEqual([])
})

test('local variables that were asked for stand under the line of the cut', () => {
  const { note } = withScript((event) => (event.type === 'stack' ? { ...event, frames: event.frames.map((frame, index) => (index === 0 ? { ...frame, locals: { currency: "'USD'", tries: '3' } } : frame)) } : event))
  expect(note).toEqual({ line: 9, kind: 'cut', title: 'fetch_rate() at the cut', text: "currency = 'USD'\ntries = 3" })
})
