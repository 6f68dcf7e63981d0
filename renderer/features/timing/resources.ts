import type { EventOf } from '../../../shared/run/event.ts'

/** One point of the CPU and memory lanes. */
export interface ResourcePoint {
  atMs: number
  /** Share of one core since the point before, 0..n. */
  cpuShare: number
  rssBytes: number
  addressSpaceBytes: number
}

/** Readings of the process tree as a curve of at most `most` points; the highest of each stretch stays, so that peaks survive. */
export function resourcesOf(readings: readonly EventOf<'reading'>[], most = 600): ResourcePoint[] {
  const points: ResourcePoint[] = []
  let before: EventOf<'reading'> | undefined
  for (const reading of readings) {
    const elapsed = before ? reading.atMs - before.atMs : 0
    points.push({ atMs: reading.atMs, cpuShare: before && elapsed > 0 ? Math.max(0, (reading.cpuMs - before.cpuMs) / elapsed) : 0, rssBytes: reading.rssBytes, addressSpaceBytes: reading.addressSpaceBytes })
    before = reading
  }
  if (points.length <= most) return points
  const step = points.length / most
  return Array.from({ length: most }, (_, index) => {
    const stretch = points.slice(Math.floor(index * step), Math.max(Math.floor((index + 1) * step), Math.floor(index * step) + 1))
    return stretch.reduce((top, point) => ({
      atMs: point.atMs, cpuShare: Math.max(top.cpuShare, point.cpuShare), rssBytes: Math.max(top.rssBytes, point.rssBytes), addressSpaceBytes: Math.max(top.addressSpaceBytes, point.addressSpaceBytes),
    }))
  })
}

/** The point in force at an instant (the last one before it). */
export function resourceAt(points: readonly ResourcePoint[], atMs: number): ResourcePoint | undefined {
  return points.findLast((point) => point.atMs <= atMs)
}

/** px from the top of a lane for a value between 0 and `top`; the lane keeps a little air above. */
export function yOf(value: number, top: number, laneTop: number, laneHeight: number): number {
  const floor = laneTop + laneHeight - 1
  return floor - (Math.min(value, top) / (top || 1)) * (laneHeight - 6)
}
