import { expect, test } from 'vitest'
import { explainRun } from '../../../shared/verdict/index.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import type { RunEventBody } from '../../../shared/run/event.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'

type Fact = [number, RunEventBody]
const process: Fact = [5, { type: 'process_started', pid: 1, python: 'python3', pythonVersion: '3.11.2', warm: true }]
const got = (atMs: number, status: number | null, ended: 'fin' | 'timeout' = 'fin'): Fact => [atMs, { type: 'client_ended', status, bytes: 0, ended, complete: status !== null, error: null }]
const result: Fact = [1, { type: 'script_result', bytes: 1 }]
const exited = (atMs: number): Fact => [atMs, { type: 'process_exited', leftovers: 0, exit: { exitCode: 0, signal: null, wallMs: atMs - 5, cpuMs: 10, maxRssBytes: 1e7 } }]
const verdictOf = (limits: Record<string, number>, proxies: RunPlan['proxies'], ...facts: Fact[]) => explainRun(foldRun(eventsOf(planWith(limits, { proxies }), process, ...facts, [3000, { type: 'run_ended' }])))

test('an answer that Go lost behind proxies: who got the empty reply, and what the client got', () => {
  const late: Fact = [2011, { type: 'limit_fired', limitId: 'gateway.write', effect: 'late', passedAtMs: 501, action: 'answer lost' }]
  expect(verdictOf({ 'gateway.write': 500 }, ['nginx', 'haproxy'], result, exited(2010), late, got(2013, 502)).headline).toContain('so the proxy (hop 2) got an empty reply at 2.01 s, and the client status 502.')
  expect(verdictOf({ 'gateway.write': 500 }, [], result, exited(2010), late, got(2013, null)).headline).toContain('so the client got an empty reply at 2.01 s.')
})

test('transform() had returned and the process would not end: that is said, and what keeps it', () => {
  const fired: Fact = [800, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 800, action: 'closed' }]
  const kept = verdictOf({ 'client.total': 800 }, [], [230, { type: 'script_result', bytes: 1 }], fired, got(801, null, 'timeout'))
  expect(kept.fix[1]).toContain('transform() had returned 230 ms into the request')
  const frame = { file: '/scripts/two_second_delay.py', line: 9, function: 'poll' }
  const threads: Fact = [801, { type: 'stack', reason: 'cut', frames: [], threads: [{ name: 'poller', frames: [frame] }, { name: 'thread 7', frames: [] }], state: null, ageMs: 0, method: 'external' }]
  expect(verdictOf({ 'client.total': 800 }, [], [230, { type: 'script_result', bytes: 1 }], fired, threads, got(802, null, 'timeout')).fix[1]).toContain('Threads that were still there: poller on line 9, thread 7.')
  expect(verdictOf({ 'client.total': 800 }, [], fired, got(801, null, 'timeout')).fix[1]).toContain('had not finished')
})

test('what followed is not told to have been before: a timer closes at once, and a proxy’s log has whole milliseconds', () => {
  const fired: Fact = [500.2, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 500, action: 'closed' }]
  const left: Fact = [500.3, { type: 'connection_ended', layer: 'proxy', hop: 1, side: 'downstream', by: 'peer', how: 'fin', bytes: 0, complete: false, error: null }]
  expect(verdictOf({ 'client.total': 500 }, ['nginx'], fired, left, got(501.4, null, 'timeout')).consequences).toEqual(['the client closed its connection (500.2 ms)', 'the proxy (hop 1) saw its client leave (500.3 ms)'])
  const lost: Fact = [407.5, { type: 'connection_ended', layer: 'proxy', hop: 1, side: 'upstream', by: 'peer', how: 'rst', bytes: 0, complete: false, error: null }]
  const answered: Fact = [407.5, { type: 'answered', layer: 'proxy', hop: 1, status: 502, reason: '' }]
  const reset: Fact = [408.7, { type: 'fault_injected', fault: 'network.reset:gateway', action: 'reset', place: 'gateway' }]
  expect(verdictOf({}, ['nginx'], lost, answered, reset, got(412, 502))).toMatchObject({ cause: 'network.reset', consequences: ['the proxy answered 502 by itself (408.7 ms)', 'the client got status 502 (412 ms)'] })
})

test('a run that completed says what the OOM killer took meanwhile', () => {
  const oom = (name: string): Fact => [40, { type: 'kernel_counter', name, delta: 1 }]
  expect(verdictOf({}, [], exited(40), oom('cgroup.memory.oom_kill'), got(44, 200)).explanation).toContain('The OOM killer ended a process meanwhile')
  expect(verdictOf({}, [], exited(40), oom('vmstat.oom_kill'), got(44, 200)).explanation).not.toContain('OOM')
})

test('processes that outlived a script that failed are told in what followed', () => {
  const left = (leftovers: number): Fact => [40, { type: 'process_exited', leftovers, exit: { exitCode: 1, signal: null, wallMs: 35, cpuMs: 10, maxRssBytes: 1e7 } }]
  const raised: Fact = [30, { type: 'script_error', error: { phase: 'transform', type: 'KeyError', message: "'a'", file: '/scripts/two_second_delay.py', line: 4, traceback: '' } }]
  expect(verdictOf({}, [], raised, left(2), got(44, 500)).consequences).toContain('the script’s process ended with code 1, and 2 processes that outlived it were ended (40 ms)')
  expect(verdictOf({}, [], raised, left(0), got(44, 500)).consequences).toContain('the script’s process ended with code 1 (40 ms)')
})

test('a limit of CPU time says that it does not count by the clock', () => {
  const fired: Fact = [2889, { type: 'limit_fired', limitId: 'os.cpu_time', effect: 'acted', passedAtMs: 2889, action: 'SIGXCPU' }]
  expect(verdictOf({ 'os.cpu_time': 1000 }, [], fired, got(2897, 500)).explanation).toContain('That limit is os.cpu_time, which counts computing, not the time that passes.')
})

test('a timer of the process’s own is not somebody else', () => {
  const ended = (signal: string): Fact => [40, { type: 'process_exited', leftovers: 0, exit: { exitCode: null, signal, wallMs: 35, cpuMs: 10, maxRssBytes: 1e7 } }]
  expect(verdictOf({}, [], ended('SIGALRM'), got(44, 500))).toMatchObject({ cause: 'os.killed', headline: expect.stringContaining('asked for itself') })
  expect(verdictOf({}, [], ended('SIGTERM'), got(44, 500)).headline).toBe('SIGTERM killed your script at 40 ms; no layer of this flow sent it.')
})

test('the wrapper’s last words tell that its way to the connector was closed', () => {
  const ended: Fact = [40, { type: 'process_exited', leftovers: 0, exit: { exitCode: 70, signal: null, wallMs: 35, cpuMs: 10, maxRssBytes: 1e7 } }]
  const said: Fact = [41, { type: 'log', line: 2, source: 'connector', level: 'error', message: 'Python script execution failed: exit status 70', fields: { stderr: 'cutoff: the script closed the descriptor that carries its result (os.closerange, or a library that makes daemons)\n' } }]
  expect(verdictOf({}, [], ended, said, got(44, 500))).toMatchObject({ cause: 'script.exited', headline: expect.stringContaining('closed the descriptor') })
  expect(verdictOf({}, [], ended, got(44, 500)).headline).toContain('exited with code 70')
})

test('an exit of the script’s own at its CPU limit leaves the doubt that a handler of SIGXCPU ended it', () => {
  const ended = (cpuMs: number): Fact => [1400, { type: 'process_exited', leftovers: 0, exit: { exitCode: 3, signal: null, wallMs: 1390, cpuMs, maxRssBytes: 1e7 } }]
  const near = verdictOf({ 'os.cpu_time': 1000 }, [], ended(990), got(1404, 500))
  expect(near.confidence).toBeLessThan(0.9)
  expect(near.alternatives.map(({ cause }) => cause)).toContain('os.cpu_time')
  expect(verdictOf({ 'os.cpu_time': 1000 }, [], ended(100), got(1404, 500)).confidence).toBeGreaterThanOrEqual(0.9)
})

test('a limit that starts anew with every read had another deadline at the cut than at the end; one that was not running had none', () => {
  const armed = (atMs: number, limitId: string, deadlineMs: number): Fact => [atMs, { type: 'limit_armed', limitId, deadlineMs }]
  const fired: Fact = [500, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 500, action: 'closed' }]
  const verdict = verdictOf({ 'client.total': 500, 'proxy1.client_body': 400, 'proxy1.idle': 2000 }, ['builtin'], armed(450, 'proxy1.client_body', 850), fired, got(501, null, 'timeout'), armed(800, 'proxy1.client_body', 1200), armed(810, 'proxy1.idle', 2810))
  expect(verdict.explanation).toContain('proxy1.client_body, had 350 ms left')
  expect(verdict.alternatives.map(({ cause }) => cause)).not.toContain('proxy.idle')
})

test('how the client’s connection ended is told as it was', () => {
  const seen = (ended: 'rst' | 'aborted', error: string | null): string[] => verdictOf({}, [], [10, { type: 'fault_injected', fault: 'network.reset', action: 'reset', place: 'client' }], [12, { type: 'client_ended', status: null, bytes: 0, ended, complete: false, error }]).consequences
  expect(seen('rst', 'read ECONNRESET')).toEqual(['the client’s connection was reset (12 ms)'])
  expect(seen('rst', 'connect ECONNREFUSED 127.0.0.1:9')).toEqual(['the client’s connection was refused (12 ms)'])
  expect(seen('aborted', 'connect ECONNRESET 127.0.0.1:9')).toEqual(['the client gave up: connect ECONNRESET 127.0.0.1:9 (12 ms)'])
  expect(seen('aborted', 'canceled')).toEqual(['the client closed its connection (12 ms)'])
})

test('the answer of the cut itself may be lost by a write limit that had passed, and several proxies are told apart', () => {
  const fired: Fact = [800, { type: 'limit_fired', limitId: 'connector.python', effect: 'acted', passedAtMs: 800, action: 'killed' }]
  const answered = (layer: 'connector' | 'proxy', hop: number, status: number, atMs: number): Fact => [atMs, { type: 'answered', layer, hop, status, reason: '' }]
  const lost: Fact = [812, { type: 'limit_fired', limitId: 'gateway.write', effect: 'late', passedAtMs: 401, action: 'answer lost' }]
  expect(verdictOf({ 'gateway.write': 400, 'connector.python': 800 }, ['nginx', 'haproxy'], fired, answered('connector', 0, 504, 810), lost, answered('proxy', 2, 502, 813), got(820, 502)).consequences).toEqual([
    'the connector answered 504 by itself (810 ms)', 'that answer was lost: gateway.write had passed at 401 ms already (812 ms)', 'the proxy (hop 2) answered 502 by itself (813 ms)', 'the client got status 502 (820 ms)'])
  expect(verdictOf({ 'gateway.write': 400 }, [], result, exited(810), lost, got(813, null)).consequences.join()).not.toContain('that answer was lost')
})

test('another limit that was due within a few ms is named, whichever side of the cut it was', () => {
  const armed = (limitId: string, deadlineMs: number): Fact => [6, { type: 'limit_armed', limitId, deadlineMs }]
  const fired: Fact = [615.6, { type: 'limit_fired', limitId: 'proxy1.read', effect: 'acted', passedAtMs: 615, action: '504' }]
  const verdict = verdictOf({ 'proxy1.read': 600, 'proxy2.read': 600 }, ['nginx', 'nginx'], armed('proxy1.read', 615), armed('proxy2.read', 615.2), fired, got(640, 504))
  expect(verdict.explanation).toContain('proxy2.read (600 ms) was due within 10 ms of it')
})

test('a run that nothing timed says so', () => {
  const plan = { ...planWith({}), limits: planWith({}).limits.filter(({ id }) => id === 'gateway.read') }
  expect(explainRun(foldRun(eventsOf(plan, process, got(44, 200), [50, { type: 'run_ended' }]))).explanation).toBe('No time limit was set that could have cut it.')
})

test('an error whose answer was lost as well is not sure to be what cut, and what lost it is told', () => {
  const error: Fact = [300, { type: 'script_error', error: { phase: 'transform', type: 'ValueError', message: 'no', file: '/scripts/two_second_delay.py', line: 4, traceback: '' } }]
  const swallowed: Fact = [310, { type: 'fault_injected', fault: 'network.blackhole@100ms', action: 'blackhole', place: 'client' }]
  const lost = verdictOf({}, [], error, exited(305), swallowed, got(1500, null, 'timeout'))
  expect(lost).toMatchObject({ cause: 'script.exception', confidence: 0.85 })
  expect(lost.consequences).toContain('the network swallowed what was sent: network.blackhole@100ms (310 ms)')
  expect(lost.alternatives.map(({ cause }) => cause)).toContain('network.blackhole')
  expect(verdictOf({}, [], error, exited(305), got(320, 500)).confidence).toBe(0.98)
})

test('a size that is known is enough in the advice', () => {
  const error: Fact = [30, { type: 'script_error', error: { phase: 'serialise', type: 'OutputLimit', message: 'the result is 688890 bytes of JSON; at most 51200 are passed on', file: null, line: null, traceback: '' } }]
  const plan = planWith({})
  const limits = [...plan.limits, ...['connector.output', 'platform.payload'].map((id) => ({ id, value: 51_200, unit: 'bytes' as const, origin: 'this run', enforced: true }))]
  const fixOf = (...facts: Fact[]): string | undefined => explainRun(foldRun(eventsOf({ ...plan, limits }, process, ...facts, [50, { type: 'run_ended' }]))).fix[0]
  expect(fixOf(error, got(44, 500))).toBe('Set connector.output to 800 KB')
  const refused: Fact = [40, { type: 'limit_fired', limitId: 'platform.payload', effect: 'acted', passedAtMs: null, action: '502' }]
  expect(fixOf([30, { type: 'script_result', bytes: 300_000 }], refused, got(44, 502))).toBe('Set platform.payload to 400 KB')
  expect(fixOf(refused, got(44, 413))).toBe('Set platform.payload to 100 KB')
})
