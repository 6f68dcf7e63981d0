import { type Axis, xOf } from '../../ui/time-axis/axis.ts'
import type { Bar } from './lanes.ts'

/** A bar with its place. `count` above 1: that many bars too thin to tell apart are drawn as one. */
export interface PlacedBar extends Bar { x: number; width: number; count: number; /** runs out of the view at this side */ cutLeft: boolean; cutRight: boolean }

/** Bars thinner than this (px) are drawn together with their neighbours. */
const thin = 2

/**
 * Places bars and keeps their number below what the screen can show: what is outside the view is left out, and bars thinner
 * than 2 px that follow each other closer than a pixel become one. 5 000 spans never are more than about width / 2 shapes.
 */
export function placeBars(axis: Axis, bars: readonly Bar[]): PlacedBar[] {
  const placed: PlacedBar[] = []
  for (const bar of bars) {
    const left = xOf(axis, bar.startMs)
    const right = Math.min(xOf(axis, Math.min(bar.endMs, axis.view.toMs)), axis.headWidth)
    if (right < 0 || left > axis.headWidth) continue
    const x = Math.max(0, left)
    const width = Math.max(right - x, 0)
    const before = placed.at(-1)
    if (before && width < thin && before.width < thin * 2 && x - (before.x + before.width) < 1 && x >= before.x && bar.look === before.look && before.count + 1 > 1 && before.tone === bar.tone && (before.count > 1 || before.width < thin)) {
      before.width = Math.max(before.width, x + width - before.x)
      before.endMs = Math.max(before.endMs, bar.endMs)
      before.count++
      if (bar.end !== 'ok') before.end = bar.end
      continue
    }
    placed.push({ ...bar, x, width, count: 1, cutLeft: left < 0, cutRight: bar.endMs > axis.view.toMs })
  }
  return placed
}
