import type { StackFrame } from '../run/event.ts'
import { weightsOf } from './times.ts'
import type { Stretch } from './timeline.ts'

/** A node of the flame graph: a frame under its callers. Children in order of weight. */
export interface FlameNode { frame: StackFrame | null; totalMs: number; selfMs: number; computingMs: number; children: FlameNode[] }

/** The tree of all stacks, outermost at the root. Frames are told apart by function, not by line, as flame graphs are. */
export function flameOf(stretches: readonly Stretch[]): FlameNode {
  const root: FlameNode = { frame: null, totalMs: 0, selfMs: 0, computingMs: 0, children: [] }
  for (const { frames, ms, computingMs } of weightsOf(stretches)) {
    let node = root
    node.totalMs += ms
    node.computingMs += computingMs
    for (const frame of frames.toReversed()) {
      let child = node.children.find((candidate) => candidate.frame?.function === frame.function && candidate.frame.file === frame.file)
      if (!child) node.children.push(child = { frame, totalMs: 0, selfMs: 0, computingMs: 0, children: [] })
      child.totalMs += ms
      child.computingMs += computingMs
      node = child
    }
    node.selfMs += ms
  }
  sortByWeight(root)
  return root
}

/** A list of what is still to do instead of a recursion: the script's own may be deeper than this one could go. */
function sortByWeight(root: FlameNode): void {
  for (const pending = [root]; pending.length > 0;) {
    const node = pending.pop()!
    node.children.sort((a, b) => b.totalMs - a.totalMs)
    pending.push(...node.children)
  }
}
