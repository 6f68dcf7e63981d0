import type { RunEvent } from '../run/event.ts'

/** An import and what it imported in turn, in order. Only those of 1 ms and more are told; shorter ones are part of `selfMs`. */
export interface ImportNode { module: string; startMs: number; selfMs: number; totalMs: number; children: ImportNode[] }

/**
 * The imports of a run as trees. An import is told when it ends, so inner ones come first; each says how deep inside others it was, and
 * belongs to the next one that ends less deep and began before it.
 */
export function importsOf(events: Iterable<RunEvent>): ImportNode[] {
  let open: { depth: number; node: ImportNode }[] = []
  for (const event of events) {
    if (event.type !== 'imported') continue
    const { module, startMs, selfMs, totalMs, depth } = event
    const isInside = (other: { depth: number; node: ImportNode }): boolean => other.depth > depth && other.node.startMs >= startMs
    const children = open.filter(isInside).map(({ node }) => node)
    open = open.filter((other) => !isInside(other))
    open.push({ depth, node: { module, startMs, selfMs, totalMs, children } })
  }
  return open.map(({ node }) => node).toSorted((a, b) => a.startMs - b.startMs)
}
