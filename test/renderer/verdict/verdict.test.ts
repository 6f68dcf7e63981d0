import { describe, expect, test } from 'vitest'
import { transformationService } from '../../../shared/flow/profiles.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { outcomeOfCause } from '../../../shared/verdict/causes.ts'
import { explainRun } from '../../../shared/verdict/index.ts'
import { applicableFix, withKeptNeed } from '../../../renderer/features/verdict/applicable-fix.ts'
import { flowSteps } from '../../../renderer/features/verdict/flow-steps.ts'
import { lostAlready, nextLimits } from '../../../renderer/features/verdict/next-limits.ts'
import { runningWords } from '../../../renderer/features/verdict/running-words.ts'
import { survivalOf } from '../../../renderer/features/verdict/survival.ts'
import { codeParts, headlineParts, measureParts } from '../../../renderer/features/verdict/words.ts'
import { worthKnowing } from '../../../renderer/features/verdict/worth-knowing.ts'
import { errorLineOf } from '../../../renderer/state/script-line.ts'
import { stacksOf } from '../../../renderer/state/stacks.ts'
import { classicEvents, classicPlan, classicRun } from '../classic-run.ts'

const run = classicRun()
const verdict = explainRun(run)
const judged = { verdict, outcome: outcomeOfCause(verdict.cause) }
/** The classic run as it stood before anything was cut. */
const early = foldRun(classicEvents().filter((event) => event.atMs < 490))

describe('the headline', () => {
  test('marks the word that names the culprit, and stays the same sentence', () => {
    const parts = headlineParts(verdict.headline, 'client')
    expect(parts.word.toLowerCase()).toBe('client')
    expect(parts.before + parts.word + parts.after).toBe(verdict.headline)
  })
  test('without a culprit has no mark', () => {
    expect(headlineParts('Nothing was cut.', null)).toEqual({ before: 'Nothing was cut.', word: '', after: '' })
  })
  test('sets ids apart from the words around them', () => {
    expect(codeParts('That limit is client.total, not proxy2.read.').filter((part) => part.code).map((part) => part.text)).toEqual(['client.total', 'proxy2.read'])
    expect(codeParts('plain')).toEqual([{ text: 'plain', code: false }])
  })
  test('keeps a number and its unit on one line', () => {
    expect(measureParts('4 ms of CPU in 2.01 s, 3 scripts, 512 MB.').filter((part) => part.measure).map((part) => part.text)).toEqual(['4 ms', '1 s', '2 MB'])
  })
})

describe('what to change', () => {
  test('is a button when it names one limit and one value', () => {
    expect(applicableFix('Set client.total to 5 s')).toEqual({ limitId: 'client.total', value: 5000, label: 'Set client.total to 5 s' })
    expect(applicableFix('Set os.address_space to 1 GB')).toMatchObject({ value: 1024 ** 3 })
  })
  test.each(['or answer within 450 ms', 'Set client.total to soon', 'Set nothing.known to 5 s', 'Set client.total to 5'])('is advice in words otherwise: %s', (text) => {
    expect(applicableFix(text)).toBeNull()
  })
  test('the first advice of the classic verdict is a button', () => {
    expect(applicableFix(verdict.fix[0] ?? '')).toMatchObject({ limitId: 'client.total' })
  })
})

describe('the drawing of the flow', () => {
  const steps = flowSteps(run, judged)
  test('rings the culprit and says what each did, in order', () => {
    expect(steps.map((step) => [step.node, step.culprit, step.absent])).toEqual([['client', true, false], ['network', false, true], ['proxy', false, true], ['gateway', false, false], ['connector', false, false], ['python', false, false]])
    expect(steps[0]?.what).toBe('total limit fires')
    expect(steps[3]?.what).toContain('sees the close')
    expect(steps[5]?.what).toBe('signal: killed')
  })
  test('draws the way the cancel took, from the culprit to the script', () => {
    expect(steps.map((step) => step.cancels)).toEqual([true, true, true, true, true, false])
    expect(flowSteps(early, null).some((step) => step.cancels)).toBe(false)
  })
})

describe('while running', () => {
  test('the next limits are those in force that would act, soonest first', () => {
    expect(nextLimits(early, 100).map((limit) => limit.limitId)).toEqual(['client.total', 'gateway.write', 'connector.python', 'wrapper.timeout', 'connector.context'])
    expect(nextLimits(early, 100)[0]).toMatchObject({ inMs: 400, value: '500 ms' })
  })
  test('the sentence says where the script is and what comes next', () => {
    const words = runningWords(early, 300, stacksOf(early).segments.at(-1), nextLimits(early, 300))
    expect(`${words.before}${words.word}${words.after} ${words.next}${words.nextIn}`.replaceAll('\u00a0', ' ')).toBe('Your script is in fetch_rate, line 9, 300 ms in. client.total passes in 200 ms')
  })
  test('a write limit that has passed means the answer is already lost', () => {
    expect(lostAlready(early, 100)).toBeNull()
    expect(lostAlready(early, 31_000)).toEqual({ limitId: 'gateway.write', atMs: 30_001 })
  })
})

test('what would have happened elsewhere is calculated from the first limit that cuts', () => {
  const all = survivalOf(2071, [transformationService, { ...transformationService, name: 'tight', title: 'Tight', limits: [{ id: 'client.total', value: 2000, origin: 'x' }] }, { ...transformationService, name: 'none', limits: [] }])
  expect(all.map((one) => [one.profile, one.passes])).toEqual([['tight', false], ['transformation-service', true]])
  expect(all[0]?.text).toContain('cut 71 ms short')
})

test('nothing is worth knowing about a run that told nothing', () => {
  const quiet = foldRun([{ type: 'run_started', runId: 'x', startedAt: '', plan: classicPlan(), version: '', seq: 0, atMs: 0 }])
  expect(worthKnowing(quiet, stacksOf(quiet))).toBeNull()
  expect(worthKnowing(run, stacksOf(run))).toContain('It waits, it does not compute')
})

test('a run that is over before its Python had started does not say that it is starting', () => {
  const cut = classicEvents().filter((event) => event.atMs <= 2.2 || event.type === 'limit_fired' || event.type === 'client_ended')
  const connectorOf = (events: ReturnType<typeof classicEvents>) => flowSteps(foldRun(events), null).find((step) => step.node === 'connector')?.what
  expect(connectorOf(cut)).toBe('starting python')
  expect(connectorOf([...cut, { type: 'run_ended', atMs: 503, seq: 1000 }])).toBe('python not started')
})

test('times of threads that went on side by side are told as a sum', () => {
  const others = (pid: number) => foldRun([...classicEvents(), ...[100, 200, 300, 400, 480].map((atMs, index) => ({ type: 'stack_samples' as const, method: 'external' as const, samples: [{ atMs, thread: 9, stack: 0, state: 'sleep' as const, pid }], seq: 1000 + index, atMs: 480 }))])
  const told = (of: ReturnType<typeof foldRun>) => worthKnowing(of, stacksOf(of))
  expect(told(others(0))).toContain('Line 9 takes 77 % of the time sampled (850 ms over 3 threads together, from 13 samples).')
  expect(told(others(9))).toMatch(/over 3 threads of 2 processes together/)
})

test('an error in a file that is not on the screen sends nobody to a line of the script', () => {
  const failed = (file: string) => foldRun([...classicEvents().slice(0, -1), { type: 'script_error', error: { phase: 'serialise', type: 'TypeError', message: 'Object of type set is not JSON serializable', file, line: 180, traceback: '' }, seq: 1000, atMs: 400 }])
  expect(errorLineOf(failed('/usr/lib/python3.11/json/encoder.py'))).toBeNull()
  expect(flowSteps(failed('/usr/lib/python3.11/json/encoder.py'), null).at(-1)?.what).toBe('TypeError')
  expect(errorLineOf(failed('/tmp/x/enrich_orders.py'))).toBe(180)
  expect(flowSteps(failed('/tmp/x/enrich_orders.py'), null).at(-1)?.what).toBe('TypeError, line 180')
})

test('advice that does not know how long the script needs learns it from an earlier run of the same script', () => {
  const fixes = ['Set client.total to 1 s', 'The script had not finished, so how long it needs is not known: run once without this limit to see.', 'or answer within 450 ms']
  const need = { ms: 2070, words: 'script needs 2.07 s (run 411)' }
  expect(withKeptNeed(fixes, 'client.total', 500, need)).toEqual(['Set client.total to 5 s', 'The script needs 2.07 s (run 411).', 'or answer within 450 ms'])
  expect(withKeptNeed(fixes, 'client.total', 500, null)).toBe(fixes)
  // It was quicker then than what has cut it now: that run tells nothing about this one.
  expect(withKeptNeed(fixes, 'client.total', 500, { ...need, ms: 400 })).toBe(fixes)
  expect(withKeptNeed(['Set client.total to 1 s'], 'client.total', 500, need)).toEqual(['Set client.total to 1 s'])
})
