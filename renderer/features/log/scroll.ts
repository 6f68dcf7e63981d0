/**
 * Scrolling over more rows than a browser can make a page high (it stops at some 33 million px; ten million rows of 20 px
 * are 200). The scroll bar's height is capped, and the place is kept as a row number with a fraction, not in px.
 */
export interface ScrollSpace {
  rows: number
  rowHeight: number
  /** Height of the window, px. */
  viewport: number
  /** Rows may be taller than `rowHeight` (wrapped lines): then the last one can come to the top. */
  loose?: boolean
}

/** The highest page that every browser draws faithfully (px). */
export const tallestPx = 10_000_000

/** Height of what scrolls, px. */
export function contentHeight({ rows, rowHeight, viewport }: ScrollSpace): number {
  return Math.max(Math.min(rows * rowHeight, tallestPx), viewport)
}

/** The last row that can stand at the top. */
export function lastTop({ rows, rowHeight, viewport, loose }: ScrollSpace): number {
  return Math.max(0, rows - (loose ? 1 : viewport / rowHeight))
}

/** Place of the scroll bar (px) for a row at the top of the window. */
export function scrollTopOf(space: ScrollSpace, topRow: number): number {
  const last = lastTop(space)
  if (last === 0) return 0
  return (Math.min(topRow, last) / last) * (contentHeight(space) - space.viewport)
}

/** Inverse of `scrollTopOf`. */
export function topRowOf(space: ScrollSpace, scrollTop: number): number {
  const room = contentHeight(space) - space.viewport
  return room <= 0 ? 0 : Math.min(1, Math.max(0, scrollTop / room)) * lastTop(space)
}

/** One px of the scroll bar is one px of rows: the browser can scroll by itself. */
export function isTrueToScale(space: ScrollSpace): boolean {
  return space.rows * space.rowHeight <= tallestPx
}

/** The row to put on top so that `row` is in the window; unchanged when it is. It comes to the upper third. */
export function topRowFor(space: ScrollSpace, topRow: number, row: number): number {
  const visible = space.viewport / space.rowHeight
  if (row >= topRow && row <= topRow + visible - 1) return topRow
  return Math.min(lastTop(space), Math.max(0, Math.floor(row - visible / 3)))
}

/** The row to put on top so that `after` rows follow `row` in the window and as many as fit stand before it. */
export function topRowBefore(space: ScrollSpace, row: number, after: number): number {
  return Math.min(lastTop(space), Math.max(0, Math.floor(row + 1 + after - space.viewport / space.rowHeight)))
}
