import { describe, expect, test } from 'vitest'
import type { RunEventBody, StackFrame, StackState } from '../../../shared/run/event.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { placeAt } from '../../../shared/stacks/place-at.ts'
import { explainRun } from '../../../shared/verdict/index.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'

type Fact = [number, RunEventBody]
const script = '/scripts/two_second_delay.py'
const frame = (line: number, file = script): StackFrame => ({ file, function: 'transform', line })
const started: Fact[] = [
  [1, { type: 'stage', stage: 'request_received' }], [2, { type: 'stage', stage: 'connector_started' }], [3, { type: 'check', name: 'python', ok: true, detail: 'python3' }],
  [5, { type: 'process_started', pid: 7, python: 'python3', pythonVersion: '3.11.2', warm: true }], [5, { type: 'stage', stage: 'script_started' }],
]
/** The main thread on these lines, every 10 ms from `fromMs` on. */
const sampled = (fromMs: number, lines: [number, StackState][], file = script): Fact => [fromMs + lines.length * 10, {
  type: 'stack_samples', method: 'external', samples: lines.map(([, state], index) => ({ atMs: fromMs + index * 10, thread: 7, stack: index, state })),
  tables: { firstFrame: 0, frames: lines.map(([line]) => [file, 'transform', line]), firstStack: 0, stacks: lines.map((_, index) => [index]) },
}]
const lasting = (count: number, line: number, state: StackState): [number, StackState][] => Array.from({ length: count }, () => [line, state])
const taken = (atMs: number, line: number, state: StackState | null = 'sleep'): Fact => [atMs, { type: 'stack', reason: 'cut', frames: [frame(line)], threads: [], state, ageMs: 0, method: 'external' }]
const fired = (atMs: number, limitId = 'client.total'): Fact => [atMs, { type: 'limit_fired', limitId, effect: 'acted', passedAtMs: atMs, action: 'closed' }]
const left = (atMs: number): Fact => [atMs, { type: 'client_ended', status: null, bytes: 0, ended: 'timeout', complete: false, error: null }]
const killed = (atMs: number): Fact => [atMs, { type: 'kill_intent', by: 'connector', limitId: null, reason: 'context canceled', signal: 'SIGKILL' }]
const exited = (atMs: number, cpuMs: number | null, signal: string | null = 'SIGKILL'): Fact => [atMs, { type: 'process_exited', leftovers: 0, exit: { exitCode: signal ? null : 0, signal, wallMs: atMs - 5, cpuMs, maxRssBytes: 1e7 } }]
const cutRun = (...facts: Fact[]) => foldRun(eventsOf(planWith({ 'client.total': 500 }), ...started, ...facts, [3000, { type: 'run_ended' }]))
const verdictOf = (...facts: Fact[]) => explainRun(cutRun(...facts))

describe('the sentence names the line at the instant of the cut', () => {
  test('from the stack that was taken because of it', () => {
    const verdict = verdictOf(sampled(100, lasting(39, 4, 'computing')), fired(500), left(500.2), killed(501), taken(501.5, 9), exited(503, 43))
    expect(verdict.headline).toContain('while your script was asleep on line 9.')
    expect(verdict.evidence.map(({ text }) => text)).toContain('last stack: transform, line 9, asleep')
  })

  test('from the sample before it, where the script was killed much later or never', () => {
    const verdict = verdictOf(sampled(100, lasting(40, 4, 'socket')), fired(500), left(500.2), killed(1500), taken(1501, 9), exited(1503, 43))
    expect(verdict.headline).toContain('while your script was waiting for a socket on line 4.')
    expect(verdict.evidence.map(({ text }) => text)).toContain('last stack: transform, line 4, waiting for a socket, sampled 10 ms before')
  })

  test('from the stack before the kill, however long a busy machine let that wait, where the limit that cut it kills', () => {
    const cut: Fact[] = [fired(500, 'connector.python'), [500, { type: 'kill_intent', by: 'connector', limitId: 'connector.python', reason: 'deadline passed', signal: 'SIGKILL' }], taken(580, 9), exited(590, 43)]
    const place = placeAt(cutRun(sampled(100, lasting(5, 4, 'computing')), ...cut).events, 500)
    expect(place).toMatchObject({ frames: [{ line: 9 }], reason: 'cut', ageMs: 0 })
  })

  test('from an old sample, where the script was found there again long after the cut', () => {
    const cut = (line: number) => placeAt(eventsOf(planWith({}), ...started, sampled(100, lasting(5, 4, 'sleep')), fired(500), left(500.2), killed(620), taken(640, line), exited(650, 43)), 500)
    expect(cut(4)).toMatchObject({ frames: [{ line: 4 }], reason: 'last_sample', ageMs: 360 })
    expect(cut(9)).toBeNull()
  })

  test('and says only where it was last seen when the script has taken a further step since', () => {
    const step = (atMs: number, name: string): Fact => [atMs, { type: 'span_started', spanId: `python.${name}`, parentId: 'python', layer: 'script', name }]
    const ended: Fact[] = [exited(494, 43, 'SIGTERM'), [495, { type: 'client_ended', status: 500, bytes: 9, ended: 'fin', complete: true, error: null }]]
    const told = (atMs: number) => verdictOf(step(100, 'load'), sampled(400, lasting(10, 1, 'computing')), step(atMs, 'transform'), ...ended).headline
    expect(told(492)).toContain('while it was last seen computing on line 1;')
    expect(told(110)).toContain('while it was computing on line 1;')
  })

  test('not from a sample that is too old, nor from library code alone', () => {
    expect(verdictOf(sampled(100, lasting(5, 4, 'sleep')), fired(500), left(500.2)).headline).toContain('while your script was running.')
    expect(verdictOf(sampled(400, lasting(10, 4, 'sleep'), '/usr/lib/python3/http.py'), fired(500), left(500.2)).headline).toContain('while your script was running.')
  })

  test('of a module beside the script with the name of its file', () => {
    expect(verdictOf(sampled(400, lasting(10, 4, 'lock'), '/scripts/helpers.py'), fired(500), left(500.2)).headline).toContain('waiting for a lock on line 4 of helpers.py.')
  })

  test('of the main thread, not of another thread or process', () => {
    const [at, body] = sampled(400, lasting(10, 4, 'sleep')) as [number, Extract<RunEventBody, { type: 'stack_samples' }>]
    const others = body.samples.flatMap((sample) => [sample, { ...sample, thread: 8, stack: 0, state: 'computing' as const }, { ...sample, pid: 9, stack: 0 }])
    expect(verdictOf([at, { ...body, samples: others }], fired(500), left(500.2)).headline).toContain('asleep on line 4.')
  })

  test('when somebody else killed the script, from its last sample; when it crashed, from its own stack', () => {
    const last: Fact = [300, { type: 'stack', reason: 'last_sample', frames: [frame(6)], threads: [], state: 'sleep', ageMs: 8, method: 'external' }]
    const client: Fact = [305, { type: 'client_ended', status: 500, bytes: 9, ended: 'fin', complete: true, error: null }]
    expect(verdictOf(last, exited(300, 10), client).headline).toBe('SIGKILL killed your script at 300 ms, while it was asleep on line 6; no layer of this flow sent it.')
    const crash: Fact = [300, { type: 'stack', reason: 'cut', frames: [frame(7, '/usr/lib/python3.11/ctypes/__init__.py'), frame(6)], threads: [], state: null, ageMs: 0, method: 'faulthandler' }]
    expect(verdictOf(crash, exited(300, 10, 'SIGSEGV'), client).headline).toContain('crashed with SIGSEGV on line 6 at 300 ms')
  })

  test('at which Go’s write limit passed, not at which its answer was lost', () => {
    const late: Fact = [900, { type: 'limit_fired', limitId: 'gateway.write', effect: 'late', passedAtMs: 300, action: 'answer lost' }]
    const verdict = verdictOf(sampled(200, [...lasting(20, 4, 'sleep'), ...lasting(40, 8, 'computing')]), [889, { type: 'script_result', bytes: 9 }], exited(890, 400, null), late, [900.2, { type: 'client_ended', status: null, bytes: 0, ended: 'fin', complete: false, error: null }])
    expect(verdict.headline).toContain('had passed at 300 ms, while your script was asleep on line 4, so')
  })

  test('and before the script runs, what is being waited for', () => {
    const early = (...facts: Fact[]) => explainRun(foldRun(eventsOf(planWith({ 'client.total': 500 }), ...facts, fired(500), left(500.2), [600, { type: 'run_ended' }]))).headline
    expect(early()).toContain('while the request was still on its way')
    expect(early(started[0]!)).toContain('while the request was still coming in')
    expect(early(started[0]!, started[1]!)).toContain('while the connector was still looking for Python')
    expect(early(started[0]!, started[1]!, started[2]!, [4, { type: 'queue_entered', waiting: 1, running: 1, concurrency: 1 }])).toContain('while the request was waiting in the queue')
    expect(early(started[0]!, started[1]!, started[2]!)).toContain('while your script had not started')
    expect(early(started[0]!, started[1]!, started[2]!, [5, { type: 'span_started', spanId: 'i', parentId: 'python', layer: 'script', name: 'interpreter' }])).toContain('while Python was still starting')
    expect(early(...started, [5, { type: 'span_started', spanId: 'i', parentId: 'python', layer: 'script', name: 'interpreter' }])).toContain('while Python was still starting')
  })
})

test('a place that nobody looked at is null, also with tables that hold nothing of the kind', () => {
  expect(placeAt([], 10)).toBeNull()
  const broken: Fact = [20, { type: 'stack_samples', method: 'thread', samples: [{ atMs: 9, thread: 7, stack: 99, state: 'sleep' }] }]
  expect(placeAt(eventsOf(planWith({}), ...started, broken), 10)).toMatchObject({ frames: [], ageMs: 1 })
})

describe('the advice uses how the time was spent', () => {
  const adviceOf = (cpuMs: number | null, lines: [number, StackState][], more: Fact[] = []) => verdictOf(sampled(100, lines), ...more, fired(500), left(500.2), killed(501), taken(501.5, 9), exited(505, cpuMs)).fix.join('\n')

  test.each<[string, number | null, [number, StackState][], string]>([
    ['asleep', 43, lasting(40, 9, 'sleep'), '43 ms of 500 ms were computing, the rest asleep: a faster machine will not help.'],
    ['waiting for several things', 43, [...lasting(20, 9, 'socket'), ...lasting(20, 9, 'file')], '43 ms of 500 ms were computing, the rest waiting: a faster machine will not help.'],
    ['computing', 480, lasting(40, 9, 'computing'), '480 ms of 500 ms were computing: less work or a faster machine will help.'],
    ['some of both', 250, [...lasting(20, 9, 'computing'), ...lasting(20, 9, 'sleep')], '250 ms of 500 ms were computing, the rest asleep.'],
    ['without a CPU to compute on', 60, lasting(40, 9, 'computing'), 'other programs kept the machine busy'],
    ['by samples where CPU time is not known', null, lasting(40, 9, 'sleep'), 'As far as it was sampled, 0 ms of'],
  ])('%s', (_, cpuMs, lines, advice) => {
    expect(adviceOf(cpuMs, lines)).toContain(advice)
  })

  test('a CPU share that held it back is no waiting', () => {
    const reading: Fact = [490, { type: 'reading', cpuMs: 40, rssBytes: 1, addressSpaceBytes: 1, processes: 1, threads: 1, throttledMs: 300 }]
    expect(adviceOf(43, lasting(40, 9, 'throttled'), [reading])).toContain('os.cpu_share held it back for 300 ms')
  })

  test('few samples say nothing about the rest, and no line is blamed', () => {
    const few = adviceOf(43, lasting(5, 9, 'sleep'))
    expect(few).toContain('43 ms of 500 ms were computing.')
    expect(few).not.toContain('faster machine')
    expect(adviceOf(null, lasting(5, 9, 'sleep'))).not.toContain('computing')
    expect(verdictOf(sampled(450, lasting(5, 9, 'sleep')), fired(500), left(500.2)).explanation).not.toContain('took')
  })

  test('the line that took most of the time is named, with what it did', () => {
    expect(verdictOf(sampled(50, [...lasting(5, 4, 'computing'), ...lasting(40, 9, 'socket')]), fired(500), left(500.2)).explanation).toContain('Line 9 took 390 ms of the time until then, waiting for a socket.')
    expect(verdictOf(sampled(50, [...lasting(22, 4, 'computing'), ...lasting(23, 9, 'socket')]), fired(500), left(500.2)).explanation).not.toContain('took')
  })

  test('a limit that ran out before or after the script is not put on the script', () => {
    const after = verdictOf(sampled(10, lasting(15, 9, 'sleep')), [199, { type: 'script_result', bytes: 9 }], exited(200, 5, null), [200, { type: 'stage', stage: 'script_finished', detail: 'completed' }], fired(500), left(500.2))
    expect(after.fix).toEqual(['Set client.total to 1 s', 'Your script had ended by then: it is not what took the time.'])
    expect(after.explanation).not.toContain('Line 9')
    const before = explainRun(foldRun(eventsOf(planWith({ 'client.total': 500 }), fired(500), left(500.2), [600, { type: 'run_ended' }])))
    expect(before.fix[1]).toContain('had not started by then')
  })
})

test('what other threads computed while the main one slept is not what took the time; what it waited for is', () => {
  const other = (state: StackState): Fact => [500, {
    type: 'stack_samples', method: 'external', samples: lasting(40, 9, state).flatMap((_, index) => [{ atMs: 100 + index * 10, thread: 7, stack: 0, state }, { atMs: 100 + index * 10, thread: 8, stack: 1, state: 'computing' as const }]),
    tables: { firstFrame: 0, frames: [[script, 'transform', 9], [script, 'work', 4]], firstStack: 0, stacks: [[0], [1]] },
  }]
  const adviceOf = (state: StackState): string => verdictOf(other(state), fired(500), left(500.2), killed(501), taken(501.5, 9, state), exited(505, 420)).fix.join('\n')
  expect(adviceOf('sleep')).toContain('The main thread was computing for 0 ms of 500 ms, the rest asleep; 420 ms more were computed by other threads')
  expect(adviceOf('lock')).toContain('420 ms of 500 ms were computing: less work or a faster machine will help.')
})
