import { type Axis, msOf, xOf } from '../../ui/time-axis/axis.ts'

/** The chart library's idea of a scale: a function with a domain and a range that can be copied. */
export interface ChartScale {
  (ms: number): number | undefined
  domain(): readonly number[]
  domain(next: readonly number[]): this
  range(): readonly number[]
  range(next: readonly number[]): this
  copy(): ChartScale
  ticks(count?: number): readonly number[]
  invert(x: number): number
}

/** The screen's axis as a scale for recharts: the break is a property of `xOf`, so the domain that the library sets is ignored. */
export function chartScale(axis: Axis): ChartScale {
  let range: readonly number[] = [0, axis.width]
  const scale = ((ms: number) => (range[0] ?? 0) + xOf(axis, ms)) as ChartScale
  return Object.assign(scale, {
    domain: (next?: readonly number[]) => (next ? scale : [axis.view.fromMs, axis.view.toMs]),
    range: (next?: readonly number[]) => {
      if (!next) return range
      range = next
      return scale
    },
    copy: () => chartScale(axis).range(range),
    ticks: () => [],
    invert: (x: number) => msOf(axis, x - (range[0] ?? 0)),
  }) as ChartScale
}
