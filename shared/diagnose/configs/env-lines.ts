/** Lines with those joined that a backslash or an open quote continues; each with the number of its first line. */
export function joinedLines(text: string): { text: string; line: number }[] {
  const list: { text: string; line: number }[] = []
  let pending: { text: string; line: number } | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '').slice(0, 8192)
    const all: { text: string; line: number } = pending ? { text: `${pending.text} ${line.trim()}`, line: pending.line } : { text: line, line: index + 1 }
    const open = !/^\s*#/.test(all.text) && all.text.length < 16_384 && (/\\$/.test(line) || (/=\s*"/.test(all.text) && (all.text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1))
    pending = open ? { ...all, text: all.text.replace(/\\$/, '') } : null
    if (!open) list.push(all)
  }
  if (pending) list.push(pending)
  return list
}
