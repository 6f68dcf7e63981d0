/** A number with its noun: `1 byte`, `2 bytes`. Nouns with an irregular plural bring it along. `written`: the number as it is to be read, if not plain. */
export function counted(count: number, one: string, many = `${one}s`, written = String(count)): string {
  return `${written} ${count === 1 ? one : many}`
}
