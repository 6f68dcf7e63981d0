/** One fact from the harness: the fields of its line, and the bytes that followed if it announced some. */
export interface Frame { fields: Record<string, unknown>; payload: Uint8Array | null }

const newline = 0x0a
/** A line longer than this is not ours. */
const longestLine = 1 << 20

/**
 * Takes apart `<nonce> <JSON>\n` lines, each followed by `bytes` raw bytes where its JSON says so.
 * A line without the nonce is somebody else's and is left out: what a script writes to a descriptor it found cannot pass for a fact.
 */
export function frameReader(nonce: string, onFrame: (frame: Frame) => void): (chunk: Uint8Array) => void {
  const prefix = Buffer.from(`${nonce} `)
  let line: Uint8Array[] = []
  let lineBytes = 0
  let payload: { fields: Record<string, unknown>; parts: Uint8Array[]; missing: number } | null = null

  const endLine = (): void => {
    const text = Buffer.concat(line)
    line = []
    lineBytes = 0
    if (!text.subarray(0, prefix.length).equals(prefix)) return
    const fields = parseFields(text.subarray(prefix.length).toString('utf8'))
    if (!fields) return
    const bytes = fields['bytes']
    if (typeof bytes !== 'number') onFrame({ fields, payload: null })
    else if (bytes === 0) onFrame({ fields, payload: new Uint8Array() })
    else payload = { fields, parts: [], missing: bytes }
  }

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (payload) {
        const part = chunk.subarray(at, at + payload.missing)
        payload.parts.push(part)
        payload.missing -= part.length
        at += part.length
        if (payload.missing === 0) {
          const whole = { fields: payload.fields, payload: Buffer.concat(payload.parts) }
          payload = null
          onFrame(whole)
        }
        continue
      }
      const end = chunk.indexOf(newline, at)
      const part = chunk.subarray(at, end < 0 ? chunk.length : end)
      lineBytes += part.length
      if (lineBytes <= longestLine) line.push(part)
      at += part.length + 1
      if (end >= 0) endLine()
    }
  }
}

function parseFields(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch { return null }
}
