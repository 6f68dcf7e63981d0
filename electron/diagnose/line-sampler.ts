/** Lines of one kind that are all read; of further ones fewer and fewer. */
const wholePerKind = 1000
/** With a moment that is asked about, its lines may be anywhere among them. */
const wholePerKindAround = 50_000
/** Once so many lines were read altogether, kinds that come up get this much. */
const mostLines = 100_000
const wholeWhenMany = 50

/** Decides which lines of interest are parsed, so that a rare ending is never lost among a million common ones. */
export interface LineSampler {
  /** `kind` 0 is a line that belongs to the one before it. */
  takes(kind: number): boolean
  readonly leftOut: number
}

/** Every line of a kind until it is common, then every 2nd, 4th, 8th...; the number kept grows with the logarithm of the number seen. */
export function createLineSampler(isAround: boolean): LineSampler {
  const seen = new Map<number, number>()
  let taken = 0
  let leftOut = 0
  let tookLast = true
  return {
    get leftOut() { return leftOut },
    takes(kind) {
      if (kind !== 0) {
        const count = (seen.get(kind) ?? 0) + 1
        seen.set(kind, count)
        const whole = taken > mostLines ? wholeWhenMany : isAround ? wholePerKindAround : wholePerKind
        tookLast = count <= whole || count % (1 << (32 - Math.clz32(count / whole))) === 0
      }
      if (tookLast) taken++
      else leftOut++
      return tookLast
    },
  }
}
