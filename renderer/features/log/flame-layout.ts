import type { FlameNode } from '../../../shared/stacks/flame.ts'

/** A frame of the flame graph with its place: shares of the width, row from the top. */
export interface FlameBox { node: FlameNode; depth: number; from: number; width: number }

/** Frames narrower than this share of the width are left out: they could neither be seen nor pressed. */
const leastShare = 0.002
/** Rows drawn at most; the script's own recursion may be far deeper. */
export const mostRows = 120

/** Lays a tree of stacks out, callers above. `root` fills the width. Without recursion: stacks may be deep. */
export function flameLayout(root: FlameNode): FlameBox[] {
  const boxes: FlameBox[] = []
  const pending: FlameBox[] = [{ node: root, depth: 0, from: 0, width: 1 }]
  for (let box = pending.pop(); box; box = pending.pop()) {
    boxes.push(box)
    if (box.depth >= mostRows || box.node.totalMs <= 0) continue
    let { from } = box
    for (const child of box.node.children) {
      const width = (child.totalMs / box.node.totalMs) * box.width
      if (width >= leastShare) pending.push({ node: child, depth: box.depth + 1, from, width })
      from += width
    }
  }
  return boxes
}
