/** One measured figure. A ratio is measured side by side in one run, so a slow machine slows both sides. */
export interface Figure {
  name: string
  value: number
  unit: string
  /** The bound it is held to, such as `<= 1.5`; null = for information. */
  bound: string | null
  /** Within the bound? True where there is none. */
  ok: boolean
  /** How it was measured, in one sentence. */
  how: string
}

/** Makes a figure and judges it by its bound. */
export function figure(name: string, value: number, unit: string, bound: string | null, how: string): Figure {
  const rounded = Math.round(value * 1000) / 1000
  return { name, value: rounded, unit, bound, ok: bound === null || within(value, bound), how }
}

function within(value: number, bound: string): boolean {
  const match = /^(<=|>=)\s*([\d.]+)$/.exec(bound)
  if (!match) throw new Error(`a bound is written "<= 1.5" or ">= 0.5", not "${bound}"`)
  return match[1] === '<=' ? value <= Number(match[2]) : value >= Number(match[2])
}

/** Nearest-rank quantile, 0..1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** A figure's group: what `--only` selects. */
export interface Bench { name: string; run(): Promise<Figure[]> }
