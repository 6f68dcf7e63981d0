/** A number of a JSON text that does not survive being read: as it is written, and what becomes of it. */
export interface InexactNumber { written: string; becomes: string }

/** Below this many digits every whole number is kept. */
const safeDigits = 15
/** Texts are passed over, numbers stand alone. */
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/**
 * The first number of a valid JSON text that is not kept as it is written: a whole number beyond 2^53, which Python keeps and a number of 64
 * bits does not, or one that is larger than any. Fractions are rounded by Python, too.
 */
export function inexactNumberIn(json: string): InexactNumber | null {
  for (const [written] of json.matchAll(textOrNumber)) {
    if (written.startsWith('"')) continue
    const value = Number(written)
    if (!Number.isFinite(value)) return { written, becomes: 'null' }
    if (written.length > safeDigits && /^-?\d+$/.test(written) && JSON.stringify(value) !== written) return { written, becomes: JSON.stringify(value) }
  }
  return null
}
