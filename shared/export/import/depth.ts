/** Is a value nested deeper than `most`? Walks without recursion, so that a hostile depth costs no stack. */
export function isDeeperThan(value: unknown, most: number): boolean {
  const open: { value: object; depth: number }[] = typeof value === 'object' && value !== null ? [{ value, depth: 1 }] : []
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > most) return true
    for (const child of Object.values(next.value) as unknown[]) if (typeof child === 'object' && child !== null) open.push({ value: child, depth: next.depth + 1 })
  }
  return false
}
