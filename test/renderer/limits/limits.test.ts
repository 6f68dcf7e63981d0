import { describe, expect, test } from 'vitest'
import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { transformationService } from '../../../shared/flow/profiles.ts'
import { emptyRun } from '../../../shared/run/fold-run.ts'
import { ladderOf } from '../../../renderer/features/limits/ladder.ts'
import { limitRows, offeredLimits } from '../../../renderer/features/limits/limit-rows.ts'
import { limitStatus } from '../../../renderer/features/limits/limit-status.ts'
import { changedEdits, draftOfEdits, editsOfDraft, limitsOfPlan } from '../../../renderer/state/limits-of-plan.ts'
import type { LimitSetting } from '../../../shared/run/plan.ts'
import { classicPlan, classicRun } from '../classic-run.ts'

describe('the plan’s limits', () => {
  test('are the profile’s with what was changed; the origin tells which', () => {
    const limits = limitsOfPlan(transformationService, { 'client.total': { value: 500 }, 'gateway.write': { enforced: false } })
    expect(limits.find((limit) => limit.id === 'client.total')).toMatchObject({ value: 500, unit: 'ms', origin: 'this run' })
    expect(limits.find((limit) => limit.id === 'gateway.write')).toMatchObject({ value: 30_000, enforced: false, origin: 'config.yaml' })
    expect(limitsOfPlan(transformationService, { 'no.such': { value: 1 } })).toEqual(limitsOfPlan(transformationService, {}))
  })
  test('a change back to the profile’s value is no change', () => {
    expect(changedEdits(transformationService, { 'gateway.write': { value: 30_000, enforced: true }, 'client.total': { value: null } })).toEqual({})
    expect(changedEdits(transformationService, { 'gateway.write': { value: null } })).toEqual({ 'gateway.write': { value: null } })
  })
  test('survive being kept as a draft, whatever their value', () => {
    const edits = { 'client.total': { value: 500 }, 'gateway.write': { value: null }, 'wrapper.timeout': { enforced: false }, 'os.address_space': { value: 123_456_789, enforced: true }, 'os.open_files': { value: 64 }, 'client.first_byte': { value: 1234.5 } }
    expect(editsOfDraft(draftOfEdits(edits))).toEqual(edits)
    expect(editsOfDraft({ 'client.total': 'nonsense', 'no.such': '5s' })).toEqual({})
  })
})

describe('the order of firing', () => {
  const limits = limitsOfPlan(transformationService, { 'client.total': { value: 500 } })
  test('numbers what would end a waiting request, then lists the rest', () => {
    const rows = limitRows(limits, planFlow({ limits, proxies: [] }))
    expect(rows.filter((row) => row.order !== null).map((row) => [row.order, row.limit.id])).toEqual([[1, 'client.total'], [2, 'gateway.write'], [3, 'connector.python'], [4, 'wrapper.timeout'], [5, 'connector.context']])
    expect(rows.slice(5).map((row) => row.limit.id).toSorted()).toEqual(['gateway.read', 'os.address_space'])
  })
  test('offers what is not set, and with several proxies each of theirs for one hop alone', () => {
    const offered = (proxies: number, ...ids: string[]) => offeredLimits(ids.map((id) => ({ id })), proxies)
    expect(offered(1, 'client.total')).not.toContain('client.total')
    expect(offered(1).filter((id) => id.endsWith('.read') && id.startsWith('proxy'))).toEqual(['proxy.read'])
    expect(offered(2, 'proxy2.read').filter((id) => id.endsWith('.read') && id.startsWith('proxy'))).toEqual(['proxy.read', 'proxy1.read'])
  })
  test('always shows the client’s limit, set or not', () => {
    const none = limitsOfPlan(transformationService, {})
    expect(limitRows(none, planFlow({ limits: none, proxies: [] })).at(-1)?.limit).toMatchObject({ id: 'client.total', value: null })
  })
})

describe('what the run says about a limit', () => {
  const run = classicRun()
  const of = (id: string): LimitSetting => {
    const limit = classicPlan().limits.find((candidate) => candidate.id === id)
    if (!limit) throw new Error(`the classic plan has no ${id}`)
    return limit
  }
  test('fired, time left, no effect, share of the cap', () => {
    expect(limitStatus(run, of('client.total'), 503, false)).toEqual({ text: 'fired', fired: true })
    expect(limitStatus(run, of('gateway.write'), 503, false).text).toBe('29.5 s left')
    expect(limitStatus(run, of('gateway.read'), 503, false).text).toBe('no effect')
    expect(limitStatus(run, of('os.address_space'), 503, false).text).toBe('peak 41 %')
    expect(limitStatus(run, of('gateway.write'), 1000, true).text).toBe('in 29.0 s')
  })
  test('a value changed since the run applies to the next one', () => {
    expect(limitStatus(run, { ...of('client.total'), value: 5000 }, 503, false).text).toBe('next run')
    expect(limitStatus(emptyRun(), of('client.total'), 0, false).text).toBe('')
  })
})

describe('the ladder', () => {
  const items = [{ id: 'a', ms: 500, labelWidth: 120 }, { id: 'b', ms: 30_000, labelWidth: 120 }, { id: 'c', ms: 30_000, labelWidth: 140 }, { id: 'd', ms: 65_000, labelWidth: 150 }]
  test('places labels so that none covers another and none leaves the drawing', () => {
    const { flags } = ladderOf(items, 560)
    const boxes = flags.map((flag) => ({ row: flag.row, from: flag.left ? flag.x - flag.labelWidth : flag.x, to: flag.left ? flag.x : flag.x + flag.labelWidth }))
    for (const box of boxes) {
      expect(box.from).toBeGreaterThanOrEqual(0)
      expect(box.to).toBeLessThanOrEqual(560)
      for (const other of boxes) if (other !== box && other.row === box.row) expect(other.from >= box.to || other.to <= box.from).toBe(true)
    }
  })
  test('is empty without deadlines or room', () => {
    expect(ladderOf([], 500).flags).toEqual([])
    expect(ladderOf(items, 0).flags).toEqual([])
  })
})
