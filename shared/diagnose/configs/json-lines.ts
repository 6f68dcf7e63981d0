import { parseTree, type Node, type ParseError } from 'jsonc-parser'

/** A value inside a JSON text with the path that leads to it and its line. */
export interface JsonLeaf { path: (string | number)[]; value: unknown; line: number }

/** Characters of JSON that are parsed; a configuration is never longer. */
const mostText = 4_000_000
/** Nesting at which a text is no configuration any more. */
const deepest = 200
const mostLeaves = 100_000

/** Every leaf of a JSON (or JSONC) text, with line numbers. `problems` are offsets turned into lines. */
export function leavesOf(text: string): { leaves: JsonLeaf[]; problems: { line: number; text: string }[] } {
  if (depthOf(text) > deepest) return { leaves: [], problems: [{ line: 1, text: `nested deeper than ${deepest} levels: not read` }] }
  const errors: ParseError[] = []
  const root = parseTree(text.slice(0, mostText), errors, { allowTrailingComma: true })
  const lineOf = lineCounter(text)
  const leaves: JsonLeaf[] = []
  const visit = (node: Node, path: (string | number)[]) => {
    if (leaves.length >= mostLeaves) return
    if (node.type === 'object') for (const property of node.children ?? []) {
      const [key, value] = property.children ?? []
      if (key && value) visit(value, [...path, String(key.value)])
    } else if (node.type === 'array') for (const [index, item] of (node.children ?? []).entries()) visit(item, [...path, index])
    else leaves.push({ path, value: node.value, line: lineOf(node.offset) })
  }
  if (root) visit(root, [])
  const many = leaves.length >= mostLeaves ? [{ line: leaves.at(-1)?.line ?? 1, text: `only the first ${mostLeaves} values were read` }] : []
  return { leaves, problems: [...many, ...errors.slice(0, 5).map((error) => ({ line: lineOf(error.offset), text: 'the JSON does not parse here' }))] }
}

/** Nesting of brackets outside strings, without recursion. */
export function depthOf(text: string): number {
  let depth = 0
  let most = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === 0x5c) index++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x7b || code === 0x5b) most = Math.max(most, ++depth)
    else if (code === 0x7d || code === 0x5d) depth--
  }
  return most
}

/** Line numbers by offset, for offsets asked for in any order. */
export function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
