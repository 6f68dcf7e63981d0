import { formatMs } from '../limits/units.ts'

/** A time as people read it, down to the nanoseconds that a bare number is to Go: `30 ns`, `5 µs`, `500 ms`. */
export function timeText(ms: number): string {
  return ms > 0 && ms < 0.001 ? `${Math.round(ms * 1e6)} ns` : ms > 0 && ms < 1 ? `${Math.round(ms * 1e5) / 100} µs` : formatMs(ms)
}
