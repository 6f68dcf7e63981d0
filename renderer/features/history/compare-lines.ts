/** A line that only one of two lists has: which list, and where in it. */
export interface LoneLine { run: 'a' | 'b'; index: number }

/**
 * The lines that are only in one of two lists, in the order of both: what is left of the longest common sequence. `mostProduct` bounds the
 * work (it grows with the product of what is left once equal beginnings and ends are put aside); null where it would be more. Pure.
 */
export function loneLines(a: readonly string[], b: readonly string[], mostProduct = 1_000_000): LoneLine[] | null {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB-- }
  const [rows, columns] = [endA - start, endB - start]
  if (rows * columns > mostProduct) return null
  const width = columns + 1
  // Length of what the rests from (i, j) on have in common.
  const common = new Uint16Array((rows + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) common[i * width + j] = a[start + i] === b[start + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const found: LoneLine[] = []
  let [i, j] = [0, 0]
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[start + i] === b[start + j]) { i++; j++ }
    else if (i < rows && (j >= columns || at(i + 1, j) >= at(i, j + 1))) found.push({ run: 'a', index: start + i++ })
    else found.push({ run: 'b', index: start + j++ })
  }
  return found
}
