import { expect, test } from 'vitest'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { timelineOf } from '../../../shared/stacks/timeline.ts'
import { explainRun } from '../../../shared/verdict/index.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'
import type { Fact } from '../../helpers/failed-run.ts'

const file = '/scripts/two_second_delay.py'
const started: Fact = [5, { type: 'process_started', pid: 1, python: 'python3', pythonVersion: '3.11.2', warm: true }]
const sampled: Fact = [210, { type: 'stack_samples', method: 'external', samples: Array.from({ length: 20 }, (_, at) => ({ atMs: 10 + at * 10, thread: 1, stack: 0, state: 'sleep' as const })), tables: { firstFrame: 0, frames: [[file, 'transform', 3]], firstStack: 0, stacks: [[0]] } }]
const replaced: Fact = [212, { type: 'process_replaced', program: '/usr/bin/sleep', command: 'sleep 30', by: 'path' }]
const fired: Fact = [500, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: 500, action: 'closed' }]
const gone: Fact[] = [[500.5, { type: 'client_ended', status: null, bytes: 0, ended: 'timeout', complete: false, error: null }], [502, { type: 'kill_intent', by: 'connector', limitId: null, reason: 'context canceled', signal: 'SIGKILL' }],
  [503, { type: 'process_exited', leftovers: 0, exit: { exitCode: null, signal: 'SIGKILL', wallMs: 498, cpuMs: 4, maxRssBytes: 1e7 } }], [510, { type: 'run_ended' }]]
const eventsWith = (...facts: Fact[]) => eventsOf(planWith({ 'client.total': 500 }), started, sampled, ...facts, fired, ...gone)
const verdictOf = (...facts: Fact[]) => explainRun(foldRun(eventsWith(...facts)))

test('a script that was replaced by another program before the cut is not said to be on a line', () => {
  const verdict = verdictOf(replaced)
  expect(verdict.headline).toContain('while your script’s process had become /usr/bin/sleep (exec).')
  expect(verdict.evidence.map(({ text }) => text)).toContain('the process was replaced by /usr/bin/sleep (sleep 30), seen at 212 ms (exec): no stack of the script after that')
  expect(JSON.stringify(verdict)).not.toContain('line 3')
  expect(verdict.fix.join()).not.toContain('the rest asleep')
})

test('samples from before stand for no time after it', () => {
  expect(timelineOf(eventsWith(replaced)).stretches.at(-1)?.endMs).toBe(212)
  expect(timelineOf(eventsWith()).stretches.at(-1)?.endMs).toBe(450)
})

test('what was alive at the cut is evidence', () => {
  const children: Fact = [499.9, { type: 'children_at_cut', children: [{ pid: 77, program: '/usr/bin/pg_dump', command: 'pg_dump shop', state: 'socket' }, { pid: 78, program: null, command: null, state: 'computing' }] }]
  const texts = verdictOf(children).evidence.map(({ text }) => text)
  expect(texts).toContain('alive at the cut: process 77, /usr/bin/pg_dump (pg_dump shop), waiting for a socket')
  expect(texts).toContain('alive at the cut: process 78, a fork of the script, computing')
})

test('a program in the place of Python that ends by itself is the script’s own doing, and says what to do instead', () => {
  const ended: Fact[] = [[400, { type: 'process_exited', leftovers: 0, exit: { exitCode: 3, signal: null, wallMs: 395, cpuMs: 4, maxRssBytes: 1e7 } }], [404, { type: 'client_ended', status: 500, bytes: 9, ended: 'fin', complete: true, error: null }], [410, { type: 'run_ended' }]]
  const told = (by: 'path' | 'name') => explainRun(foldRun(eventsOf(planWith({}), started, [212, { type: 'process_replaced', program: '/usr/bin/sleep', command: null, by }], ...ended)))
  expect(told('path')).toMatchObject({ cause: 'script.exited', confidence: 0.95, headline: expect.stringContaining('put /usr/bin/sleep in the place of Python (exec, seen at 212 ms), and that program ended with code 3') })
  expect(told('name')).toMatchObject({ cause: 'script.exited', confidence: 0.85, headline: expect.stringContaining('seems to have put') })
  expect(told('path').fix[0]).toContain('subprocess.run()')
})

test('a signal that ends such a program is told of that program', () => {
  const killed: Fact[] = [[400, { type: 'process_exited', leftovers: 0, exit: { exitCode: null, signal: 'SIGKILL', wallMs: 395, cpuMs: 4, maxRssBytes: 1e7 } }], [404, { type: 'client_ended', status: 500, bytes: 9, ended: 'fin', complete: true, error: null }], [410, { type: 'run_ended' }]]
  expect(explainRun(foldRun(eventsOf(planWith({}), started, replaced, ...killed))).headline).toBe('SIGKILL killed your script at 400 ms, when its process had become /usr/bin/sleep (exec); no layer of this flow sent it.')
})

test('what a script that completed left running is told, with what may wait for it', () => {
  const left: Fact = [400, { type: 'children_at_cut', children: [{ pid: 77, program: '/usr/bin/sleep', command: 'sleep 60', state: 'sleep' }] }]
  const gone = (leftovers: number): Fact[] => [[300, { type: 'process_exited', leftovers, exit: { exitCode: 0, signal: null, wallMs: 295, cpuMs: 4, maxRssBytes: 1e7 } }], [404, { type: 'client_ended', status: 200, bytes: 9, ended: 'fin', complete: true, error: null }], [410, { type: 'run_ended' }]]
  const explained = (leftovers: number, ...facts: Fact[]) => explainRun(foldRun(eventsOf(planWith({}), started, ...facts, ...gone(leftovers)))).explanation
  expect(explained(1, left)).toContain('The script left 1 process running (/usr/bin/sleep (sleep 60)), which was ended with it.')
  expect(explained(2)).toContain('The script left 2 processes running, which were ended with it.')
  expect(explained(0)).not.toContain('The script left')
})
