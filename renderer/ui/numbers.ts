import { formatMs, groupedOf } from '../../shared/limits/units.ts'

export { exactMs, groupedOf } from '../../shared/limits/units.ts'

/** A time that ticks: always one digit after the point, so that its width does not jump. */
export function tickingMs(ms: number): string {
  return ms < 1000 ? `${groupedOf(ms)} ms` : ms < 600_000 ? `${(ms / 1000).toFixed(1)} s` : formatMs(ms)
}

/** Whole per cent, never rounded up to a certainty that is not there: 0.996 -> `99 %`. */
export function percentOf(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 1) return `${percent.toFixed(1)} %`
  return `${Math.floor(percent + 1e-9)} %`
}

/** The time of day, `14:32:07`. By hand: the formatter of a locale takes longer to make than everything else in a frame. */
export function clockTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
