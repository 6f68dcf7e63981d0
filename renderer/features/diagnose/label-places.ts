import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'

/** Where the name of a deadline stands: beside its line, on the side that has room; null where neither has any. */
export interface LabelPlace { x: number; anchor: 'start' | 'end'; text: string }

const gap = 5
/** A name cut shorter than this says nothing. */
const leastWidth = 40

/**
 * Names of the deadlines of one lane, from left to right, such that none runs into another or over another's line. `from` and `to` are
 * the lane's free room in px; `breakAt` is where its axis is broken, over which no name is written.
 */
export function labelPlaces(marks: readonly { x: number; label: string }[], room: { from: number; breakAt: number | null; to: number }): (LabelPlace | null)[] {
  let free = room.from
  return marks.map(({ x, label }, index) => {
    const next = marks[index + 1]?.x ?? room.to
    const rightEnd = (room.breakAt !== null && x < room.breakAt ? Math.min(next, room.breakAt) : next) - 4
    const leftStart = Math.max(free, (marks[index - 1]?.x ?? Number.NEGATIVE_INFINITY) + 4, room.breakAt !== null && x > room.breakAt ? room.breakAt + 4 : Number.NEGATIVE_INFINITY)
    const right = rightEnd - x - gap
    const left = x - gap - leftStart
    const width = textWidth(label)
    const anchor = right >= width || right >= left ? 'start' as const : 'end' as const
    const space = anchor === 'start' ? right : left
    if (space < Math.min(width, leastWidth)) return null
    const text = fitText(label, space)
    if (text === '') return null
    free = anchor === 'start' ? x + gap + textWidth(text) + 6 : Math.max(free, x)
    return { x: anchor === 'start' ? x + gap : x - gap, anchor, text }
  })
}
