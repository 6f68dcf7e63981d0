/** Where words have room beside a curve: from `x` on, `room` px wide. */
export interface Stretch { x: number; room: number }
interface Point { x: number; y: number }
const gap = 8

/**
 * The place for words as wide as `wanted` in a lane `width` px wide where the curve is not: the room behind its end and behind what is `taken`
 * (px from the left: the line of now moves ahead of the curve), else the longest of
 * those before its beginning and above it (`bottom`: px from the top that the words reach down to). Null when none has room for `wanted`.
 */
export function freeStretch(curve: readonly Point[], taken: number, width: number, bottom: number, wanted: number): Stretch | null {
  const first = curve[0]
  const last = curve.at(-1)
  if (!first || !last) return { x: gap, room: width - 2 * gap }
  const end = Math.max(last.x, taken)
  const behind = { x: end + gap, room: width - end - 2 * gap }
  if (behind.room >= wanted) return behind
  const longest = [...stretchesAbove(curve, bottom), { x: gap, room: first.x - 2 * gap }].reduce((best, stretch) => (stretch.room > best.room ? stretch : best))
  return longest.room >= wanted ? longest : null
}

/** Stretches in which every piece of the curve lies below the words. */
function stretchesAbove(curve: readonly Point[], bottom: number): Stretch[] {
  const stretches: Stretch[] = []
  let from: number | null = null
  for (const [index, point] of curve.entries()) {
    if (point.y > bottom) from ??= point.x
    const next = curve[index + 1]
    if (from !== null && (point.y <= bottom || !next || next.y <= bottom)) {
      stretches.push({ x: from + gap, room: point.x - from - 2 * gap })
      from = null
    }
  }
  return stretches
}
