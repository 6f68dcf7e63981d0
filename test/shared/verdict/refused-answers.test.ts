import { describe, expect, test } from 'vitest'
import { parseFault } from '../../../shared/flow/faults.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import type { RunEvent, RunEventBody, ScriptError } from '../../../shared/run/event.ts'
import { defaultStacks, type LimitSetting } from '../../../shared/run/plan.ts'
import { explainRun } from '../../../shared/verdict/index.ts'

type Timed = [atMs: number, body: RunEventBody]

function verdictOf(more: Timed[], plan: { faults?: string[]; limits?: LimitSetting[] } = {}) {
  const faults = (plan.faults ?? []).map((text) => {
    const parsed = parseFault(text)
    if (!parsed.ok) throw new Error(parsed.problem)
    return parsed.fault
  })
  const started: Timed = [0, { type: 'run_started', runId: 'r', startedAt: '', version: '', plan: { script: { path: '/s.py', name: 's.py', text: null }, input: {}, profile: 'p', limits: plan.limits ?? [], proxies: ['nginx'], faults, python: null, propagateCancel: true, stacks: defaultStacks } }]
  return explainRun(foldRun([started, ...more, [100, { type: 'run_ended' }] satisfies Timed].map(([atMs, body], seq): RunEvent => ({ ...body, seq, atMs }))))
}
const answered: Timed = [50, { type: 'answered', layer: 'proxy', hop: 1, status: 502, reason: '' }]
const got = (status: number): Timed => [52, { type: 'client_ended', status, bytes: 100, ended: 'fin', complete: true, error: null }]
const nginx = (phrase: string): Timed => [51, { type: 'proxy_log', hop: 1, product: 'nginx', kind: 'error', line: `[error] ${phrase}`, fields: { phrase } }]
const haproxy = (termination: string): Timed => [51, { type: 'proxy_log', hop: 1, product: 'haproxy', kind: 'access', line: `be/s1 ${termination}`, fields: { termination, status: 502 } }]
const spaceCap: LimitSetting = { id: 'os.address_space', value: 64 * 1024 ** 2, unit: 'bytes', origin: 'this run', enforced: true }

describe('an answer that the proxy refused', () => {
  test('is told by nginx’s phrase, with what makes the buffer larger', () => {
    const verdict = verdictOf([answered, nginx('upstream sent too big header while reading response header from upstream'), got(502)])
    expect(verdict).toMatchObject({ cause: 'proxy.bad_gateway', confidence: 0.96, atMs: 50 })
    expect(verdict.fix.join('\n')).toContain('proxy_buffer_size')
    expect(verdictOf([answered, nginx('upstream sent invalid header: "X Broken: ..."'), got(502)]).headline).toContain('not valid HTTP')
  })
  test('is told by HAProxy’s termination state PH, and by no other', () => {
    expect(verdictOf([answered, haproxy('PH--'), got(502)])).toMatchObject({ cause: 'proxy.bad_gateway', confidence: 0.92 })
    expect(verdictOf([answered, haproxy('SH--'), got(502)]).cause).toBe('unknown')
  })
  test('is not one that nginx took for HTTP/0.9 and passed on', () => {
    expect(verdictOf([nginx('upstream sent no valid HTTP/1.0 header while reading response header from upstream'), got(200)]).cause).toBe('none')
  })
  test('is the network’s when the network put rubbish in its place', () => {
    const rubbish: Timed = [49, { type: 'fault_injected', fault: 'network.garbage:gateway', action: 'garbage', place: 'gateway' }]
    expect(verdictOf([rubbish, answered, haproxy('PH--'), got(502)], { faults: ['network.garbage:gateway'] }).cause).toBe('network.protocol')
    // The proxy's log has whole milliseconds, and may seem to be the earlier one.
    const after: Timed = [51.5, { type: 'fault_injected', fault: 'network.garbage:gateway', action: 'garbage', place: 'gateway' }]
    expect(verdictOf([answered, after, haproxy('PH--'), got(502)], { faults: ['network.garbage:gateway'] }).cause).toBe('network.protocol')
  })
  test('may have been refused by the client', () => {
    expect(verdictOf([[52, { type: 'client_ended', status: null, bytes: 40, ended: 'aborted', complete: false, error: 'the answer is not HTTP: malformed header "X Broken: 1"' }]])).toMatchObject({ cause: 'network.protocol', confidence: 0.9 })
  })
})

describe('what hides behind an ending of the script’s own', () => {
  const exit: Timed = [40, { type: 'process_exited', exit: { exitCode: 1, signal: null, wallMs: 30, cpuMs: 10, maxRssBytes: 1e7 }, leftovers: 0 }]
  const said = (stderr: string): Timed => [41, { type: 'log', line: 1, source: 'connector', level: 'error', message: 'Python script execution failed: exit status 1', fields: { stderr } }]
  test('last words about memory, under a cap of the address space', () => {
    const words = 'OpenBLAS error: Memory allocation still failed after 10 retries, giving up.\n'
    expect(verdictOf([exit, said(words), got(500)], { limits: [spaceCap] })).toMatchObject({ cause: 'os.address_space', limitId: 'os.address_space', confidence: 0.88 })
    expect(verdictOf([exit, said(words), got(500)]).cause).toBe('script.exited')
    expect(verdictOf([exit, said(`${words}and then\nmuch\nelse\nhappened\n`), got(500)], { limits: [spaceCap] }).cause).toBe('script.exited')
  })
  test('a child process that failed under the same limits: nobody is sure why', () => {
    const error: ScriptError = { phase: 'transform', type: 'subprocess.CalledProcessError', message: 'Command returned non-zero exit status 1.', file: '/s.py', line: 3, traceback: '' }
    expect(verdictOf([[40, { type: 'script_error', error }], got(500)], { limits: [spaceCap] })).toMatchObject({ cause: 'script.exception', confidence: 0.85 })
    expect(verdictOf([[40, { type: 'script_error', error }], got(500)])).toMatchObject({ cause: 'script.exception', confidence: 0.98 })
  })
  test('a crash under a cap that was not seen near: not excluded', () => {
    const crash: Timed = [40, { type: 'process_exited', exit: { exitCode: null, signal: 'SIGSEGV', wallMs: 30, cpuMs: 10, maxRssBytes: 1e7 }, leftovers: 0 }]
    expect(verdictOf([crash, got(500)], { limits: [spaceCap] })).toMatchObject({ cause: 'script.crashed', confidence: 0.88 })
    expect(verdictOf([crash, got(500)])).toMatchObject({ cause: 'script.crashed', confidence: 0.95 })
  })
})
test('a wait in the proxy’s queue is told beside the limit that cut', () => {
  const verdict = verdictOf([
    [5, { type: 'span_started', spanId: 'proxy1/queue', parentId: 'proxy1', layer: 'proxy', name: 'queue' }],
    [400, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 400, action: 'closed the connection' }],
    [401, { type: 'client_ended', status: null, bytes: 0, ended: 'timeout', complete: false, error: null }],
    [402, { type: 'span_ended', spanId: 'proxy1/queue', status: 'canceled' }],
  ], { limits: [{ id: 'client.total', value: 400, unit: 'ms', origin: 'this run', enforced: true }] })
  expect(verdict.explanation).toContain('It had waited 395 ms in the queue of the proxy')
})
