import { formatBytes } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { type Axis, xOf } from '../../ui/time-axis/axis.ts'
import type { Lane } from './lanes.ts'
import { yOf, type ResourcePoint } from './resources.ts'

/** A point of the curves with its places in px from the top. */
export interface ResourceRow { atMs: number; cpuY: number; rssY: number; spaceY: number }

/** Turns readings into px of their lanes. Only what is in view: what lies behind the tear is no curve. */
export function resourceRows(points: readonly ResourcePoint[], lanes: readonly Lane[], run: Run, axis: Axis): ResourceRow[] {
  const cpu = lanes.find((lane) => lane.kind === 'cpu')
  const memory = lanes.find((lane) => lane.kind === 'memory')
  if (!cpu || !memory) return []
  const cores = Math.max(1, ...points.map((point) => point.cpuShare))
  const top = memoryTop(run, points)
  return points.filter((point) => point.atMs <= axis.view.toMs && point.atMs >= axis.view.fromMs).map((point) => {
    const inMemory = (bytes: number) => yOf(bytes, top, memory.top, memory.height)
    return { atMs: point.atMs, cpuY: yOf(point.cpuShare, cores, cpu.top, cpu.height), rssY: inMemory(point.rssBytes), spaceY: inMemory(point.addressSpaceBytes) }
  })
}

/** One curve of a lane, in px; with a floor the ground below it is filled. */
export interface LaneCurve { what: 'cpu' | 'resident' | 'space'; points: { x: number; y: number }[]; floor: number | null }

/** The curves of the process tree: none before there are two readings in view. */
export function curvesOf(points: readonly ResourcePoint[], lanes: readonly Lane[], run: Run, axis: Axis): LaneCurve[] {
  const rows = resourceRows(points, lanes, run, axis)
  if (rows.length < 2) return []
  const along = (y: (row: ResourceRow) => number) => rows.map((row) => ({ x: xOf(axis, row.atMs), y: y(row) }))
  return [
    { what: 'cpu', points: along((row) => row.cpuY), floor: floorOf(lanes, 'cpu') },
    { what: 'resident', points: along((row) => row.rssY), floor: floorOf(lanes, 'memory') },
    { what: 'space', points: along((row) => row.spaceY), floor: null },
  ]
}

/** Where the areas of a lane stand, px from the top. */
function floorOf(lanes: readonly Lane[], kind: 'cpu' | 'memory'): number {
  const lane = lanes.find((candidate) => candidate.kind === kind)
  return lane ? lane.top + lane.height - 1 : 0
}

/** The memory lane is drawn to the scale of the cap, so that "42 % of the cap" is seen before it is read. */
function memoryTop(run: Run, points: readonly ResourcePoint[]): number {
  const peak = points.reduce((most, point) => Math.max(most, point.addressSpaceBytes, point.rssBytes), 1)
  return Math.max(peak, capLimit(run)?.value ?? 0)
}

function capLimit(run: Run) {
  return run.limits.find((limit) => ['os.address_space', 'os.memory', 'platform.memory'].includes(limit.id) && limit.value !== null && limit.enforced && limit.notEnforced === null)
}

/** The line of the cap, with its label; null without one. */
export function capOf(run: Run, lanes: readonly Lane[], points: readonly ResourcePoint[]): { y: number; label: string } | null {
  const limit = capLimit(run)
  const lane = lanes.find((candidate) => candidate.kind === 'memory')
  if (!limit || limit.value === null || !lane) return null
  return { y: yOf(limit.value, memoryTop(run, points), lane.top, lane.height), label: `${limit.id} ${formatBytes(limit.value)}` }
}
