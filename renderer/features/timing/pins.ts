/** A numbered stage on the axis. */
export interface Pin { number: number; x: number; failed: boolean }
/** Pins drawn as one, such as `1–3`. */
export interface PinGroup { label: string; x: number; width: number; first: number; last: number; failed: boolean }

/** Pins closer than this (px) are drawn as one. */
const mergeWithin = 16

/** Brings pins together that would cover each other; each group stands at its first pin, and groups do not overlap. */
export function mergePins(pins: readonly Pin[]): PinGroup[] {
  const groups: (PinGroup & { lastX: number })[] = []
  for (const pin of pins) {
    const group = groups.at(-1)
    if (group && pin.failed === group.failed && pin.x - group.lastX < mergeWithin) {
      group.last = pin.number
      group.lastX = pin.x
      group.label = `${group.first}–${group.last}`
      group.width = 30
      continue
    }
    const x = group ? Math.max(pin.x, group.x + group.width + 3) : pin.x
    groups.push({ label: String(pin.number), x, width: 16, first: pin.number, last: pin.number, failed: pin.failed, lastX: pin.x })
  }
  return groups.map(({ label, x, width, first, last, failed }) => ({ label, x, width, first, last, failed }))
}
