import type { JsonValue } from '../run/plan.ts'

/** How deep a value from a screen may be nested: below Python's own recursion limit of 1000. */
const deepest = 500

/**
 * Is this a value that JSON can carry? Walks without recursion, so that a hostile depth costs no stack.
 * What arrives over Electron's IPC may hold more than JSON: dates, maps, bigints, cycles. A cycle ends at the depth limit.
 */
export function isJsonValue(value: unknown): value is JsonValue {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > deepest) return false
    const children = childrenOf(next.value)
    if (children === null) return false
    for (const child of children) open.push({ value: child, depth: next.depth + 1 })
  }
  return true
}

/** The values inside a value; empty for a plain one, null for what JSON cannot carry. */
function childrenOf(value: unknown): unknown[] | null {
  switch (typeof value) {
    case 'string': case 'boolean': return []
    case 'number': return Number.isFinite(value) ? [] : null
    case 'object': {
      if (value === null) return []
      if (Array.isArray(value)) return value
      const prototype: unknown = Object.getPrototypeOf(value)
      return prototype === Object.prototype || prototype === null ? Object.values(value) : null
    }
    default: return null
  }
}
