import { describe, expect, test } from 'vitest'
import { emptyRun, foldRun } from '../../../shared/run/fold-run.ts'
import { axisOf, xOf } from '../../../renderer/ui/time-axis/axis.ts'
import { readingOf } from '../../../renderer/features/timing/reading-card.tsx'
import { stacksOf } from '../../../renderer/state/stacks.ts'
import { deadlineAt, deadlinesOf, groupDeadlines } from '../../../renderer/features/timing/deadlines.ts'
import { lanesOf } from '../../../renderer/features/timing/lanes.ts'
import { resourcesOf } from '../../../renderer/features/timing/resources.ts'
import { stageCells } from '../../../renderer/features/timing/stage-cells.ts'
import { classicEvents, classicRun } from '../classic-run.ts'

const run = classicRun()
const lanes = (tight = false) => lanesOf({ run, nowMs: 503, laneHeight: 25, tight, hasStacks: true })

describe('lanes', () => {
  test('stand from the outermost layer inwards, without gaps', () => {
    expect(lanes().map((lane) => lane.id)).toEqual(['axis', 'stages', 'client', 'absent', 'gateway', 'connector', 'python', 'sub-stages', 'stack', 'cpu', 'memory', 'log'])
    let top = 0
    for (const lane of lanes()) { expect(lane.top).toBe(top); top += lane.height }
  })
  test('where there is little room, pins and absent layers leave first', () => {
    expect(lanes(true).map((lane) => lane.id)).not.toContain('absent')
    expect(lanes(true).map((lane) => lane.id)).not.toContain('stages')
  })
  test('queue wait is a bar of its own on its layer, and python shows its sub-stages', () => {
    expect(lanes().find((lane) => lane.id === 'connector')?.bars.map((bar) => [bar.label, bar.look])).toEqual([['transformation service', 'solid'], ['queue', 'wait']])
    expect(lanes().find((lane) => lane.id === 'sub-stages')?.bars.map((bar) => bar.label)).toEqual(['transform()'])
  })
  test('a run that has just begun has its lanes already', () => {
    expect(lanesOf({ run: emptyRun(), nowMs: 0, laneHeight: 25, tight: false, hasStacks: false }).map((lane) => lane.id)).toEqual(['axis', 'stages', 'client', 'absent', 'gateway', 'connector', 'python', 'log'])
  })
})

describe('deadlines', () => {
  const marks = deadlinesOf(run)
  const stateOf = (id: string) => marks.find((mark) => mark.limitId === id)?.state
  test('are fired, pending or without effect, each in the lane of its layer', () => {
    expect(stateOf('client.total')).toBe('fired')
    expect(stateOf('gateway.write')).toBe('pending')
    expect(stateOf('connector.python')).toBe('pending')
    expect(marks.find((mark) => mark.limitId === 'gateway.read')).toMatchObject({ state: 'idle', note: 'no effect', laneId: 'gateway' })
    expect(marks.map((mark) => mark.limitId)).not.toContain('os.address_space')
  })
  test('that are not enforced are idle and say so', () => {
    const events = classicEvents().map((event) => (event.type === 'run_started' ? { ...event, plan: { ...event.plan, limits: event.plan.limits.map((limit) => (limit.id === 'wrapper.timeout' ? { ...limit, enforced: false } : limit)) } } : event))
    expect(deadlinesOf(foldRun(events.filter((event) => !('limitId' in event && event.limitId === 'wrapper.timeout')))).find((mark) => mark.limitId === 'wrapper.timeout')).toMatchObject({ state: 'idle', note: 'not enforced' })
  })
  test('at the same place share one label, which goes to the side that has room', () => {
    const axis = axisOf({ mode: 'break', width: 800, zoom: null, endMs: 503, deadlinesMs: marks.map((mark) => mark.atMs) })
    const [gateway] = groupDeadlines(axis, marks.filter((mark) => mark.laneId === 'gateway'), () => 120)
    expect(gateway?.marks.map((mark) => mark.limitId).toSorted()).toEqual(['gateway.read', 'gateway.write'])
    const connector = groupDeadlines(axis, marks.filter((mark) => mark.laneId === 'connector'), () => 60)
    expect(connector.map((group) => group.side)).toEqual(['right', 'left'])
  })
})

test('the strip always has five stages, with exact numbers and what was not reached', () => {
  const cells = stageCells(run, 'cut', 503)
  expect(cells.map((cell) => [cell.number, cell.time.replaceAll('\u00a0', ' '), cell.small, cell.state])).toEqual([
    [1, '1.2 ms', 'gateway', 'reached'], [2, '1.9 ms', '+0.7', 'reached'], [3, '4.6 ms', 'queue 0.3', 'reached'], [4, '500.4 ms', 'killed', 'cut'], [5, 'not reached', '', 'not_reached'],
  ])
  expect(stageCells(emptyRun(), null, 0).map((cell) => cell.state)).toEqual(Array.from({ length: 5 }, () => 'to_come'))
})

test('a thousand readings keep their peaks when they are thinned out', () => {
  const readings = Array.from({ length: 5000 }, (_, index) => ({ type: 'reading' as const, seq: index, atMs: index * 10, cpuMs: index * 5, rssBytes: index === 2500 ? 999 : 10, addressSpaceBytes: 20, processes: 1, threads: 1 }))
  const points = resourcesOf(readings)
  expect(points.length).toBeLessThanOrEqual(600)
  expect(Math.max(...points.map((point) => point.rssBytes))).toBe(999)
  expect(points.at(-1)?.cpuShare).toBeCloseTo(0.5)
})

describe('the pointer', () => {
  const marks = deadlinesOf(run)
  const axis = axisOf({ mode: 'break', width: 800, zoom: null, endMs: 503, deadlinesMs: marks.map((mark) => mark.atMs) })
  const middleOf = (id: string) => { const lane = lanes().find((candidate) => candidate.id === id); return (lane?.top ?? 0) + (lane?.height ?? 0) / 2 }
  const xOfLimit = (id: string) => xOf(axis, marks.find((mark) => mark.limitId === id)?.atMs ?? 0)
  test('means a deadline in the lane that owns it, and one that fired in every lane', () => {
    expect(deadlineAt(axis, lanes(), marks, xOfLimit('gateway.write') + 3, middleOf('gateway'))?.limitId).toBe('gateway.write')
    expect(deadlineAt(axis, lanes(), marks, xOfLimit('gateway.write'), middleOf('client'))).toBeNull()
    expect(deadlineAt(axis, lanes(), marks, xOfLimit('client.total'), middleOf('python'))?.limitId).toBe('client.total')
    expect(deadlineAt(axis, lanes(), marks, xOfLimit('gateway.write') + 9, middleOf('gateway'))).toBeNull()
  })
  const source = { axis, run, nowMs: 503, deadlines: marks, resources: resourcesOf(run.readings), stacks: stacksOf(run) }
  const said = { line: 2, atMs: 49, source: 'stdout' as const, bad: false, text: 'orders: 1' }
  test('on an instant of the run reads where the script was, what it used, what comes next and what had been said', () => {
    expect(new Map(readingOf(source, 300, null, said))).toEqual(new Map([
      ['in', 'fetch_rate:9, asleep'], ['CPU', '0 % of one core'], ['memory', '31 MB resident, 215 MB of 512 MB space'], ['next limit', 'client.total in 200 ms'], ['last said', 'orders: 1, 251 ms before'],
    ]))
  })
  test('on a deadline that was never reached says so, and claims nothing of the run', () => {
    const rows = readingOf(source, 30_001, 'gateway.write', said)
    expect(rows.map(([name]) => name)).not.toContain('last said')
    expect(rows.map(([name]) => name)).not.toContain('CPU')
    expect(rows).toContainEqual(['not reached', 'gateway.write 30 s'])
    expect(rows).toContainEqual(['over before', 'the run had ended 29.5 s before'])
  })
})
