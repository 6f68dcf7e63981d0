import type { StackFrame } from '../run/event.ts'
import { isComputing } from './times.ts'
import type { Stretch } from './timeline.ts'

/** A node of the flame graph: a frame under its callers. Children in order of weight. */
export interface FlameNode { frame: StackFrame | null; totalMs: number; selfMs: number; computingMs: number; children: FlameNode[] }

/** The tree of all stacks, outermost at the root. Frames are told apart by function, not by line, as flame graphs are. */
export function flameOf(stretches: readonly Stretch[]): FlameNode {
  const root: FlameNode = { frame: null, totalMs: 0, selfMs: 0, computingMs: 0, children: [] }
  for (const stretch of stretches) {
    const ms = stretch.endMs - stretch.startMs
    const computing = isComputing(stretch.state) ? ms : 0
    let node = root
    node.totalMs += ms
    node.computingMs += computing
    for (const frame of stretch.frames.toReversed()) {
      let child = node.children.find((candidate) => candidate.frame?.function === frame.function && candidate.frame.file === frame.file)
      if (!child) node.children.push(child = { frame, totalMs: 0, selfMs: 0, computingMs: 0, children: [] })
      child.totalMs += ms
      child.computingMs += computing
      node = child
    }
    node.selfMs += ms
  }
  sortByWeight(root)
  return root
}

function sortByWeight(node: FlameNode): void {
  node.children.sort((a, b) => b.totalMs - a.totalMs)
  for (const child of node.children) sortByWeight(child)
}
