import { expect, test } from 'vitest'
import { Text } from '@codemirror/state'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { toDiagnostic } from '../../../renderer/features/script/python-lint.ts'
import { runMarks } from '../../../renderer/features/script/run-marks.ts'
import { unreachedLines } from '../../../renderer/features/script/unreached.ts'
import { judgeRun } from '../../../renderer/state/verdict.ts'
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
  expect([9, 17].map((line) => runMarks(run, stacksOf(run), false, 300, false).lines.get(line)).map((mark) => [mark?.kind, mark?.tag])).toEqual([[null, 'at 300 ms'], ['caller', '']])
  expect(runMarks(run, stacksOf(run), false, 300, true).lines.get(9)).toMatchObject({ kind: 'hot', tag: 'running at the cut' })
})

test('an exception is written under its line, with what explains it', () => {
  const events = classicEvents().filter((event) => event.type !== 'stack')
  const run = foldRun([...events, { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'KeyError', message: "'currency'", file: '/tmp/x/enrich_orders.py', line: 17, traceback: '', detail: 'keys here: id, total' } }])
  const { lines, note } = runMarks(run, stacksOf(run), false, null, false)
  expect(lines.get(17)?.kind).toBe('error')
  expect(note).toEqual({ line: 17, kind: 'error', title: "KeyError: 'currency'", text: 'keys here: id, total' })
  const mute = foldRun([...events, { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'MemoryError', message: '', file: '/tmp/x/enrich_orders.py', line: 17, traceback: '' } }])
  expect(runMarks(mute, stacksOf(mute), false, null, false).note?.title).toBe('MemoryError')
})

test('what an exception says is shown, never obeyed, in the editor and in the verdict', () => {
  const events = classicEvents().filter((event) => !['stack', 'limit_fired', 'kill_intent', 'client_ended', 'process_exited'].includes(event.type))
  const run = foldRun([...events.filter((event) => event.atMs < 500), { type: 'script_error', atMs: 60, seq: 900, error: { phase: 'transform', type: 'ValueError', message: 'a\u001b[31m\u202eb', file: '/tmp/x/enrich_orders.py', line: 17, traceback: '', raised: true } }, { type: 'client_ended', atMs: 62, seq: 901, status: 500, bytes: 9, ended: 'fin', complete: true, error: null }, { type: 'run_ended', atMs: 63, seq: 902 }])
  expect(runMarks(run, stacksOf(run), false, null, false).note?.title).toBe('ValueError: a‹\\x1b›[31m‹\\u202e›b')
  expect(judgeRun(run)?.verdict.headline).toContain('ValueError: a‹\\x1b›[31m‹\\u202e›b')
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

const at = (line: number, name = 'transform') => ({ function: name, line })
/** The body of a function that nothing calls. */
const later = [31]

test('lines behind the one that ran are unreached; in a loop only those behind the loop', () => {
  expect(unreachedLines(script, [at(12)])).toEqual([7, 8, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27, ...later])
  expect(unreachedLines(script, [at(15)])).toEqual([22, 23, 24, 25, 27, ...later])
  // What a loop calls may have been called before.
  expect(unreachedLines(script, [at(15), at(7, 'fetch_rate')])).toEqual([22, 23, 24, 25, 27, ...later])
  expect(unreachedLines(script, [at(27)])).toEqual(later)
})

test('in a function that was called once, and only once, the lines behind its own are unreached as well', () => {
  const called = (call: string) => unreachedLines(`def rate(of):\n    wait()\n    return 1\n\n\ndef transform(input_data):\n    x = ${call}\n    return x\n`, [at(7), at(2, 'rate')])
  expect(called('rate("EUR")')).toEqual([3, 8])
  for (const call of ['[rate(c) for c in input_data]', 'sum(rate(c) for c in input_data)', 'list(map(rate, input_data))', 'retry(lambda: rate("EUR"))', 'rate("EUR") + rate("USD")', '{c: rate(c) for c in input_data}']) expect(called(call)).toEqual([8])
})

test('functions that are named nowhere but where nothing came by are unreached, and so on', () => {
  const chain = 'def a():\n    b()\n\ndef b():\n    b()\n\ndef transform(x):\n    y = x\n    return a()\n'
  expect(unreachedLines(chain, [])).toEqual([])
  expect(unreachedLines(chain, [at(8)])).toEqual([2, 5, 9])
  expect(unreachedLines(chain.replace('return a()', 'return y'), [])).toEqual([2, 5])
  // Whoever writes names as text, or looks them up, may call anything.
  for (const more of ['HANDLERS = ["a"]', 'call = globals()', '# a is called by the framework']) expect(unreachedLines(`${more}\n${chain}`.replace('return a()', 'return y'), [])).toEqual([])
  expect(unreachedLines(chain.replace('return a()', 'return y').replace('def a', '@hook\ndef a'), [])).toEqual([])
})

test('behind an exception nothing ran, but its handlers may have', () => {
  const text = 'def transform(x):\n    try:\n        y = x["a"]\n        y += 1\n    except OSError:\n        y = 0\n    finally:\n        print(x)\n    return y\n'
  expect(unreachedLines(text, [at(3)], true)).toEqual([9])
  expect(unreachedLines(text, [at(3)])).toEqual([4, 5, 6, 7, 8, 9])
})

test('nothing is said of a script that takes long to parse', () => {
  expect(unreachedLines(`${script}${'# more\n'.repeat(10_000)}`, [at(12)])).toEqual([])
})

test('while the module is still being loaded, all that follows is unreached', () => {
  expect(unreachedLines(script, [at(3, '<module>')])).toEqual([6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27, 30, 31])
})

test.each([
  ['the script calls it as well', `${script}\ntransform({})\n`],
  ['a decorator may call it again', script.replace('def transform', '@retry\ndef transform')],
  ['it is not there', script.replace('def transform', 'def other').replace('def later', 'def other2')],
])('nothing is said of transform where %s', (_, text) => {
  expect(unreachedLines(text, [at(12)]).filter((line) => line > 12 && line < 28 && !text.includes('other'))).toEqual([])
})

test('nothing is said of a line that is not in the function, or not there', () => {
  expect(unreachedLines(script, [at(7)])).toEqual(later)
  expect(unreachedLines(script, [at(999)])).toEqual(later)
})

const withScript = (change: (event: ReturnType<typeof classicEvents>[number]) => ReturnType<typeof classicEvents>[number] | null, live = false) => {
  const text = script.replace('orders = input_data["orders"]', '\n'.repeat(4) + '    orders = input_data["orders"]')
  const events = classicEvents().flatMap((event) => {
    const told = event.type === 'run_started' ? { ...event, plan: { ...event.plan, script: { ...event.plan.script, text } } } : event
    return change(told) ?? []
  })
  const run = foldRun(events)
  return runMarks(run, stacksOf(run), live, null, !live)
}
const never = ({ lines }: ReturnType<typeof runMarks>) => [...lines].flatMap(([line, mark]) => (mark.never ? [line] : []))

test('a script that was killed is marked with what it had not come to', () => {
  expect(never(withScript((event) => event))).toEqual([26, 27, 28, 29, 31, 35])
})

test.each([
  ['went on and answered', (event) => (event.type === 'process_exited' ? { ...event, exit: { ...event.exit, signal: null, exitCode: 0 } } : event)],
  ['was last seen before its cut', (event) => (event.type === 'stack' ? { ...event, reason: 'last_sample' as const } : event)],
] satisfies [string, Parameters<typeof withScript>[0]][])('a script that %s has only unreached what nothing calls', (_, change) => {
  expect(never(withScript(change))).toEqual([35])
})

test('a script from a file is marked as one that was typed', () => {
  const fromFile = withScript((event) => (event.type === 'run_started' ? { ...event, plan: { ...event.plan, script: { ...event.plan.script, text: null, onDisk: event.plan.script.text ?? '' } } } : event))
  expect(never(fromFile)).toEqual([26, 27, 28, 29, 31, 35])
})

test('an exception leaves what is behind it unreached', () => {
  const raised = withScript((event) => (event.type === 'stack'
    ? { type: 'script_error', atMs: event.atMs, seq: event.seq, error: { phase: 'transform', type: 'KeyError', message: "'rate'", file: '/tmp/x/enrich_orders.py', line: 7, raised: true, traceback: 'Traceback (most recent call last):\n  File "/tmp/x/enrich_orders.py", line 16, in transform\n    orders = 1\n  File "/usr/lib/python3/json.py", line 7, in loads\nKeyError: 1\n' } }
    : event))
  // Whoever had called what raised it is marked as well.
  expect([16, 7].map((line) => raised.lines.get(line)?.kind)).toEqual(['caller', 'error'])
  expect(never(raised)).toEqual([8, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 31, 35])
})

test('while it runs, what it has not come to is hatched, and less of it as it goes on', () => {
  const standing = (line: number) => withScript((event) => (event.atMs > 490 ? null : event.type === 'stack_samples' && event.tables ? { ...event, tables: { ...event.tables, frames: event.tables.frames.map(([file, name, old]) => [file, name, name === 'transform' ? line : old] as [string, string, number]) } } : event), true)
  expect(never(standing(16))).toContain(17)
  expect([...standing(16).lines].flatMap(([line, { kind }]) => (kind ? [[line, kind]] : []))).toEqual([[16, 'caller'], [9, 'here']])
  expect(never(standing(26))).not.toContain(17)
})

test('local variables that were asked for stand under the line of the cut', () => {
  const { note } = withScript((event) => (event.type === 'stack' ? { ...event, frames: event.frames.map((frame, index) => (index === 0 ? { ...frame, locals: { currency: "'USD'", tries: '3' } } : frame)) } : event))
  expect(note).toEqual({ line: 9, kind: 'cut', title: 'fetch_rate() at the cut', text: "currency = 'USD'\ntries = 3" })
})
