import { describe, expect, test } from 'vitest'
import { explainRun } from '../../../shared/verdict/index.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import type { RunEventBody, ScriptError } from '../../../shared/run/event.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'

type Fact = [number, RunEventBody]
const started: Fact[] = [
  [1, { type: 'stage', stage: 'request_received' }], [2, { type: 'stage', stage: 'connector_started' }],
  [5, { type: 'process_started', pid: 1, python: 'python3', pythonVersion: '3.11.2', warm: true }], [5, { type: 'stage', stage: 'script_started' }],
]
const clientEnded = (atMs: number, ended: 'fin' | 'rst' | 'aborted' | 'timeout', status: number | null = null): Fact => [atMs, { type: 'client_ended', status, bytes: status ? 20 : 0, ended, complete: status !== null, error: null }]
const exited = (atMs: number, exit: Partial<{ exitCode: number | null; signal: string | null; cpuMs: number; wallMs: number }>): Fact => [atMs, { type: 'process_exited', leftovers: 0, exit: { exitCode: null, signal: null, wallMs: atMs - 5, cpuMs: 10, maxRssBytes: 1e7, ...exit } }]
const fired = (atMs: number, limitId: string): Fact => [atMs, { type: 'limit_fired', limitId, effect: 'acted', passedAtMs: atMs, action: 'closed' }]
const raised = (atMs: number, error: Partial<ScriptError>): Fact => [atMs, { type: 'script_error', error: { phase: 'transform', type: 'ValueError', message: 'no', file: '/scripts/two_second_delay.py', line: 4, traceback: '', ...error } }]
const ended: Fact = [3000, { type: 'run_ended' }]
const verdictOf = (limits: Record<string, number>, ...facts: Fact[]) => explainRun(foldRun(eventsOf(planWith(limits), ...started, ...facts, ended)))

describe('who acted first is the cause', () => {
  test('a client limit, with the kill as its consequence', () => {
    const verdict = verdictOf({ 'client.total': 500 },
      fired(500.1, 'client.total'), clientEnded(500.2, 'timeout'),
      [500.4, { type: 'context_canceled', layer: 'gateway', cause: 'client_gone', limitId: null, error: 'context canceled' }],
      [500.5, { type: 'kill_intent', by: 'connector', limitId: null, reason: 'context canceled', signal: 'SIGKILL' }], exited(503, { signal: 'SIGKILL' }))
    expect(verdict).toMatchObject({ cause: 'client.total', layer: 'client', limitId: 'client.total', atMs: 500.1 })
    expect(verdict.confidence).toBeGreaterThanOrEqual(0.95)
    expect(verdict.headline).toContain('500 ms limit set on this run')
    expect(verdict.consequences.join('\n')).toMatch(/context canceled.*\n.*killed by the cancelled context/)
    expect(verdict.fix[0]).toBe('Set client.total to 1 s')
  })

  test('Go’s write limit is named although the cut shows two seconds later', () => {
    const verdict = verdictOf({ 'gateway.write': 500 }, exited(2010, { exitCode: 0 }), [2010, { type: 'script_result', bytes: 9 }],
      [2011, { type: 'limit_fired', limitId: 'gateway.write', effect: 'late', passedAtMs: 501, action: 'answer lost' }], clientEnded(2011.4, 'fin'))
    expect(verdict).toMatchObject({ cause: 'gateway.write', atMs: 2011 })
    expect(verdict.headline).toContain('passed at 501 ms')
  })

  test('a limit that fires after the client has its answer cut nothing', () => {
    expect(verdictOf({ 'gateway.idle': 100 }, clientEnded(50, 'fin', 200), fired(150, 'gateway.idle')).cause).toBe('none')
  })

  test('two limits a moment apart are a near tie: named, and said to be unsure', () => {
    const verdict = verdictOf({ 'client.total': 500, 'connector.python': 500 }, fired(500.1, 'client.total'), clientEnded(500.2, 'timeout'), fired(500.6, 'connector.python'))
    expect(verdict.cause).toBe('client.total')
    expect(verdict.confidence).toBeLessThan(0.9)
    expect(verdict.alternatives[0]?.cause).toBe('connector.python')
  })

  test('a machine too busy to keep time is said, and nobody is sure of an order that it turned round', () => {
    const armed = (limitId: string, deadlineMs: number): Fact => [6, { type: 'limit_armed', limitId, deadlineMs }]
    const late = verdictOf({ 'client.total': 500 }, armed('client.total', 500), [1358, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 500, action: 'closed' }], clientEnded(1359, 'timeout'))
    expect(late).toMatchObject({ cause: 'client.total', confidence: 0.99 })
    expect(late.explanation).toContain('It acted 858 ms after its deadline: this machine was too busy to keep time.')
    const turned = verdictOf({ 'client.total': 500, 'wrapper.timeout': 600 }, armed('client.total', 500), armed('wrapper.timeout', 600), fired(601, 'wrapper.timeout'), [700, { type: 'limit_disarmed', limitId: 'client.total' }], clientEnded(700, 'fin', 504))
    expect(turned.cause).toBe('wrapper.timeout')
    expect(turned.confidence).toBeLessThan(0.9)
    expect(turned.explanation).toContain('client.total had been due 101 ms before')
    const inTime = verdictOf({ 'client.total': 500, 'wrapper.timeout': 600 }, armed('client.total', 500), fired(500.2, 'client.total'), clientEnded(500.3, 'timeout'))
    expect(inTime.explanation).not.toContain('too busy')
  })

  test('Stop is the user’s own doing', () => {
    expect(verdictOf({}, [700, { type: 'stop_requested' }], clientEnded(700.2, 'aborted')).cause).toBe('client.canceled')
  })
})

describe('kernel limits in disguise', () => {
  test.each<[string, Record<string, number>, Partial<ScriptError>]>([
    ['os.address_space', {}, { type: 'MemoryError', message: '' }],
    ['os.address_space', {}, { type: 'ImportError', phase: 'import', message: 'libx.so: failed to map segment from shared object' }],
    ['os.open_files', { 'os.open_files': 16 }, { type: 'OSError', message: '[Errno 24] Too many open files', errno: 24 }],
    ['os.file_size', { 'os.file_size': 1000 }, { type: 'OSError', message: '[Errno 27] File too large', errno: 27 }],
    ['os.disk_full', {}, { type: 'OSError', message: '[Errno 28] No space left on device', errno: 28 }],
    ['os.processes', { 'os.processes': 5 }, { type: 'BlockingIOError', message: '[Errno 11] Resource temporarily unavailable', errno: 11 }],
  ])('%s', (cause, limits, error) => {
    expect(verdictOf(limits, raised(40, error), exited(42, { exitCode: 1 }), clientEnded(44, 'fin', 500)).cause).toBe(cause)
  })

  test('SIGXCPU at the CPU limit is the limit; without CPU used it is somebody else', () => {
    expect(verdictOf({ 'os.cpu_time': 1000 }, exited(1010, { signal: 'SIGXCPU', cpuMs: 1001 }), clientEnded(1015, 'fin', 500)).cause).toBe('os.cpu_time')
    expect(verdictOf({ 'os.cpu_time': 1000 }, exited(300, { signal: 'SIGXCPU', cpuMs: 20 }), clientEnded(305, 'fin', 500)).cause).toBe('os.killed')
  })

  test('SIGKILL is out of memory only when the kernel counted it', () => {
    expect(verdictOf({}, exited(300, { signal: 'SIGKILL' }), clientEnded(305, 'fin', 500)).cause).toBe('os.killed')
    expect(verdictOf({}, [299, { type: 'kernel_counter', name: 'memory.events oom_kill', delta: 1 }], exited(300, { signal: 'SIGKILL' }), clientEnded(305, 'fin', 500)).cause).toBe('os.oom_kill')
  })

  test('the counter of the run\'s own group proves that it was its memory limit, beside the counter of the machine', () => {
    const rose = (name: string): Fact => [299, { type: 'kernel_counter', name, delta: 1 }]
    const verdict = verdictOf({ 'os.memory': 100 * 1024 ** 2 }, rose('vmstat.oom_kill'), rose('cgroup.memory.oom_kill'), exited(300, { signal: 'SIGKILL' }), clientEnded(305, 'fin', 500))
    expect(verdict).toMatchObject({ cause: 'os.oom_kill', limitId: 'os.memory', confidence: 0.97 })
    expect(verdict.headline).toContain('100 MB limit set on this run')
    expect(verdict.evidence.map(({ ref }) => ref)).toContain('limit:os.memory')
    expect(verdict.fix[0]).toBe('Set os.memory to 200 MB')
    const elsewhere = verdictOf({ 'os.memory': 100 * 1024 ** 2 }, rose('vmstat.oom_kill'), exited(300, { signal: 'SIGKILL' }), clientEnded(305, 'fin', 500))
    expect(elsewhere).toMatchObject({ cause: 'os.oom_kill', limitId: null, confidence: 0.85 })
  })

  test('a cut for memory names the script\'s lines that held it, or says how to find them', () => {
    const error = { type: 'MemoryError', message: '' }
    const held: Fact = [39, { type: 'allocations', lines: [{ file: '/usr/lib/python3/json/decoder.py', line: 3, bytes: 9e7, count: 2 }, { file: '/scripts/two_second_delay.py', line: 4, bytes: 3 * 1024 ** 2, count: 1 }, { file: '/scripts/two_second_delay.py', line: 1, bytes: 100, count: 1 }] }]
    const told = verdictOf({ 'os.address_space': 1e8 }, held, raised(40, error), exited(42, { exitCode: 1 }), clientEnded(44, 'fin', 500))
    expect(told.evidence.map(({ text }) => text)).toContain('line 4 held 3 MB in 1 block')
    expect(told.evidence.map(({ text }) => text).join()).not.toMatch(/decoder|line 1 held/)
    expect(told.fix.join()).not.toContain('--allocations')
    const untold = verdictOf({ 'os.address_space': 1e8 }, raised(40, error), exited(42, { exitCode: 1 }), clientEnded(44, 'fin', 500))
    expect(untold.fix.at(-1)).toContain('--allocations')
    expect(verdictOf({}, raised(40, {}), exited(42, { exitCode: 1 }), clientEnded(44, 'fin', 500)).fix.join()).not.toContain('--allocations')
  })

  test('exit code 137 is an exit, not a kill', () => {
    const verdict = verdictOf({}, exited(30, { exitCode: 137 }), clientEnded(35, 'fin', 500))
    expect(verdict.cause).toBe('script.exited')
    expect(verdict.headline).toContain('not signal 9')
  })
})

describe('the script itself', () => {
  test.each([['compile', 'script.syntax'], ['import', 'script.import'], ['find_transform', 'script.no_transform'], ['transform', 'script.exception'], ['serialise', 'script.bad_output']] as const)('an error while %s is %s', (phase, cause) => {
    expect(verdictOf({}, raised(20, { phase }), exited(22, { exitCode: 1 }), clientEnded(25, 'fin', 500)).cause).toBe(cause)
  })

  test('an error that is only the echo of our kill is not the cause', () => {
    const verdict = verdictOf({ 'wrapper.timeout': 500 }, fired(505, 'wrapper.timeout'), [505, { type: 'kill_intent', by: 'wrapper', limitId: 'wrapper.timeout', reason: 'timeout', signal: 'SIGTERM' }],
      raised(506, { type: 'KeyboardInterrupt' }), exited(507, { exitCode: 1 }), clientEnded(508, 'fin', 504))
    expect(verdict.cause).toBe('wrapper.timeout')
  })

  test('a complete answer is no cut, whatever was caught on the way', () => {
    expect(verdictOf({}, [30, { type: 'script_result', bytes: 2 }], exited(31, { exitCode: 0 }), clientEnded(33, 'fin', 200)).cause).toBe('none')
  })
})

test('what nothing explains is unknown, with what is missing', () => {
  const verdict = explainRun(foldRun(eventsOf(planWith({}), clientEnded(400, 'rst'), ended)))
  expect(verdict.cause).toBe('unknown')
  expect(verdict.confidence).toBeLessThan(0.5)
  expect(verdict.explanation).toContain('What is missing to decide')
})
