/** Rows asked for at once; two screens full. */
export const blockRows = 128
/** Blocks kept: what one scrolls back and forth over, about 12 000 rows, whatever the log's size. */
const keptBlocks = 96

/** Windows of a long list, kept by blocks; the least recently used go first. Rows are never held beyond that. */
export interface RowCache<Row> {
  row(index: number): Row | undefined
  /** Blocks that `from..to` (exclusive) touches and that are not there, or not as far as `to` (the list has grown; their rows stay meanwhile); marks them as used. */
  missing(from: number, to: number): number[]
  put(block: number, rows: Row[]): void
  clear(): void
  readonly size: number
}

export function createRowCache<Row>(): RowCache<Row> {
  const blocks = new Map<number, Row[]>()
  return {
    row: (index) => blocks.get(Math.floor(index / blockRows))?.[index % blockRows],
    missing(from, to) {
      const wanted: number[] = []
      for (let block = Math.floor(from / blockRows); block * blockRows < to; block++) {
        const rows = blocks.get(block)
        if (!rows) { wanted.push(block); continue }
        if (rows.length < blockRows && (block * blockRows + rows.length) < to) wanted.push(block)
        blocks.delete(block)
        blocks.set(block, rows)
      }
      return wanted
    },
    put(block, rows) {
      blocks.delete(block)
      blocks.set(block, rows)
      for (const oldest of blocks.keys()) {
        if (blocks.size <= keptBlocks) break
        blocks.delete(oldest)
      }
    },
    clear: () => blocks.clear(),
    get size() { return blocks.size },
  }
}
