import { describe, expect, test } from 'vitest'
import type { RunEventBody, StackFrame } from '../../../shared/run/event.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { explainRun } from '../../../shared/verdict/index.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'
import { verdictOf as failedVerdictOf, type Fact } from '../../helpers/failed-run.ts'

const MB = 1024 ** 2
const started: Fact = [5, { type: 'process_started', pid: 1, python: 'python3', pythonVersion: '3.11.2', warm: true }]
const said = (stderr: string): Fact => [43, { type: 'log', line: 3, source: 'connector', level: 'error', message: 'Python script execution failed: signal: killed', fields: { stderr } }]
const fired: Fact = [500, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 500, action: 'closed' }]
const left: Fact = [501, { type: 'client_ended', status: null, bytes: 0, ended: 'timeout', complete: false, error: null }]
const verdictOf = (limits: Record<string, number>, ...facts: Fact[]) => explainRun(foldRun(eventsOf(planWith(limits), started, ...facts, [900, { type: 'run_ended' }])))
const trace = (error: string): string => `Traceback (most recent call last):\n  File "/usr/lib/python3.11/threading.py", line 1045, in _bootstrap_inner\n    self.run()\n${error}\n`

describe('a helper that died, of which only standard error tells', () => {
  test.each([
    ['a thread', `Exception in thread Thread-1 (work):\n${trace('RuntimeError: worker died')}`, 'A thread of the script (Thread-1 (work)) died of RuntimeError: worker died (stderr): what waits for it waits in vain.'],
    ['a child process', `Process ForkPoolWorker-1:\n${trace('shop.errors.ConfigError: no config')}`, 'A child process of the script (ForkPoolWorker-1) died of shop.errors.ConfigError: no config (stderr)'],
  ])('%s', (_, stderr, sentence) => {
    expect(verdictOf({ 'client.total': 500 }, fired, left, said(stderr)).explanation).toContain(sentence)
  })

  test('what merely speaks of one is none', () => {
    expect(verdictOf({ 'client.total': 500 }, fired, left, said('log: Exception in thread pool, retrying\nTraceback follows\n')).explanation).not.toContain('died')
  })
})

describe('a limit that standard error speaks of, and the error does not', () => {
  const child = said('Process Process-1:\nTraceback (most recent call last):\n    x = bytearray(900 << 20)\nMemoryError\n')
  const space = { 'os.address_space': 512 * MB }
  test('leaves a doubt, and names the limit', () => {
    const verdict = failedVerdictOf(space, { raised: true, message: 'worker failed with 1' }, child)
    expect(verdict).toMatchObject({ cause: 'script.exception', confidence: 0.85 })
    expect(verdict.alternatives).toContainEqual(expect.objectContaining({ cause: 'os.address_space', why_not: expect.stringContaining('“MemoryError”') }))
  })
  test('leaves none where the script merely speaks of memory, or the limit is not in force', () => {
    expect(failedVerdictOf(space, { raised: true }, said('cache: out of memory budget, evicting')).confidence).toBe(0.98)
    expect(failedVerdictOf({ 'os.open_files': 64 }, { raised: true }, said('worker: [Errno 24] Too many open files')).confidence).toBe(0.85)
    expect(failedVerdictOf({}, { raised: true }, said('worker: [Errno 24] Too many open files')).confidence).toBe(0.98)
    expect(failedVerdictOf(space, { type: 'IndexError', raised: false }, child).explanation).toContain('A child process of the script (Process-1) died of MemoryError')
    expect(failedVerdictOf({ 'os.open_files': 64 }, { type: 'OSError', message: '[Errno 24] Too many open files', errno: 24 }, said('OSError: [Errno 24] Too many open files')).cause).toBe('os.open_files')
  })
})

test('a process of a pool that ended without a word may have met a limit, as it holds for children as well', () => {
  const broken = { type: 'concurrent.futures.process.BrokenProcessPool', message: 'A process in the process pool was terminated abruptly' }
  expect(failedVerdictOf({ 'os.address_space': 512 * MB }, broken)).toMatchObject({ cause: 'script.exception', confidence: 0.85 })
})

describe('an error or a result whose process would not end', () => {
  const error: Fact = [100, { type: 'script_error', error: { phase: 'transform', type: 'TimeoutError', message: 'worker still alive', file: '/scripts/two_second_delay.py', line: 4, traceback: '', raised: true, causes: [] } }]
  const exiting: Fact = [101, { type: 'span_started', spanId: 'python.exit', parentId: 'python', layer: 'script', name: 'exit' }]
  const kill = (atMs: number): Fact[] => [[atMs, { type: 'kill_intent', by: 'connector', limitId: null, reason: 'context canceled', signal: 'SIGKILL' }], [atMs + 2, { type: 'process_exited', leftovers: 0, exit: { exitCode: null, signal: 'SIGKILL', wallMs: atMs, cpuMs: 4, maxRssBytes: 1e7 } }]]

  test('is what the limit cut: the error is told beside it', () => {
    const verdict = verdictOf({ 'client.total': 500 }, error, exiting, fired, left, ...kill(503))
    expect(verdict).toMatchObject({ cause: 'client.total', confidence: 0.99, headline: expect.stringContaining('while Python was ending: transform() had raised TimeoutError.') })
    expect(verdict.fix[1]).toContain('Your script had raised TimeoutError 100 ms into the request: its answer goes out when the process has ended.')
    expect(verdict.alternatives).toContainEqual(expect.objectContaining({ cause: 'script.exception', why_not: expect.stringContaining('its process would not end') }))
  })

  test('an error just before a limit is the error', () => {
    const late: Fact = [480, (error[1])]
    expect(verdictOf({ 'client.total': 500 }, late, fired, left, ...kill(503)).cause).toBe('script.exception')
  })
})

test('a child that the OOM killer took is told of a cut as well', () => {
  expect(verdictOf({ 'client.total': 500 }, [400, { type: 'kernel_counter', name: 'cgroup.memory.oom_kill', delta: 1 }], fired, left).explanation).toContain('The OOM killer ended a process meanwhile')
})

describe('a process that ended by itself', () => {
  const ended = (exitCode: number | null, signal: string | null = null): Fact => [300, { type: 'process_exited', leftovers: 0, exit: { exitCode, signal, wallMs: 290, cpuMs: 10, maxRssBytes: 1e7 } }]
  const got: Fact = [310, { type: 'client_ended', status: 500, bytes: 9, ended: 'fin', complete: true, error: null }]

  test('by faulthandler’s timer', () => {
    const verdict = verdictOf({}, ended(1), said('Timeout (0:00:00.300000)!\nThread 0x00007f1 (most recent call first):\n  File "/s/a.py", line 3 in transform\n'), got)
    expect(verdict).toMatchObject({ cause: 'script.exited', headline: expect.stringContaining('faulthandler.dump_traceback_later() was given 0:00:00.300000') })
  })

  test('with its last line on standard error', () => {
    expect(verdictOf({}, ended(3), said('starting\nfatal: no licence'), got).evidence.map(({ text }) => text)).toContain('stderr: fatal: no licence')
  })

  test('otherwise than with code 0 after transform() had returned: that took the answer along', () => {
    const result: Fact = [200, { type: 'script_result', bytes: 2 }]
    expect(verdictOf({}, result, ended(7), got)).toMatchObject({ cause: 'script.exited', headline: expect.stringContaining('transform() returned, but your script’s process then exited with code 7'), explanation: expect.stringContaining('returned after 200 ms') })
    expect(verdictOf({}, result, ended(null, 'SIGSEGV'), got)).toMatchObject({ cause: 'script.crashed', explanation: expect.stringContaining('transform() had returned after 200 ms') })
  })

  test('long after its error, or its result: the answer waited for it', () => {
    const error: Fact = [20, { type: 'script_error', error: { phase: 'transform', type: 'KeyError', message: "'id'", file: '/scripts/two_second_delay.py', line: 4, traceback: '' } }]
    expect(verdictOf({}, error, ended(1), got).explanation).toContain('Its process took 280 ms more to end')
    expect(verdictOf({}, [20, { type: 'script_result', bytes: 2 }], ended(0), [310, { type: 'client_ended', status: 200, bytes: 9, ended: 'fin', complete: true, error: null }]).explanation).toContain('transform() had returned after 20 ms. Its process took 280 ms more to end')
    expect(verdictOf({}, [200, error[1]], ended(1), got).explanation).not.toContain('more to end')
  })

  const crash = (functions: string[]): Fact[] => {
    const frames: StackFrame[] = functions.map((name) => ({ file: '/scripts/two_second_delay.py', line: 6, function: name }))
    const stack: RunEventBody = { type: 'stack', reason: 'cut', frames, threads: [], state: null, ageMs: 0, method: 'faulthandler' }
    return [[299, stack], ended(null, 'SIGSEGV'), got]
  }
  test('by recursion that used up its stack', () => {
    expect(verdictOf({}, ...crash(Array.from({ length: 100 }, () => '__repr__'))).explanation).toContain('__repr__ over and over: recursion')
    expect(verdictOf({}, ...crash(['parse', 'load', 'transform'])).explanation).not.toContain('recursion')
  })

  test('a reading of a process that is gone already says nothing of its address space', () => {
    const reading = (atMs: number, addressSpaceBytes: number): Fact => [atMs, { type: 'reading', cpuMs: 1, rssBytes: 1, addressSpaceBytes, processes: 1, threads: 1 }]
    const verdict = verdictOf({ 'os.address_space': 512 * MB }, reading(250, 40 * MB), reading(299, 0), ...crash(['transform']))
    expect(verdict.alternatives.find(({ cause }) => cause === 'os.address_space')?.why_not).toContain('40 MB of 512 MB were reserved 50 ms before')
  })
})
