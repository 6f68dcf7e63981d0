/** A rectangle in px of the chart. */
export interface Box { x: number; y: number; width: number; height: number }

/**
 * Many rectangles of one look as the `d` of a single path. A lane may hold a thousand of them, and each element of its own would be
 * made, styled and laid out anew whenever the axis of a growing run moves.
 */
export function rectPath(boxes: readonly Box[]): string {
  return boxes.map(({ x, y, width, height }) => `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}z`).join('')
}

/** A hundredth of a px is nothing to see, but half of the text. */
function px(value: number): number {
  return Math.round(value * 100) / 100
}
