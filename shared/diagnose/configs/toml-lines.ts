import { parse } from 'smol-toml'
import type { YamlLeaf } from './yaml-lines.ts'

/**
 * Leaves of a TOML file with their lines. The parser of the format has no positions, so sections and keys are read line by line and
 * each value by the parser; multi-line values are passed over.
 */
export function tomlLeaves(text: string): { leaves: YamlLeaf[]; problems: { line: number; text: string }[] } {
  const leaves: YamlLeaf[] = []
  const problems: { line: number; text: string }[] = []
  const counters = new Map<string, number>()
  let section: (string | number)[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim().slice(0, 8192)
    const table = /^\[(\[)?([^\]]+)\]/.exec(line)
    if (table) {
      section = keysOf(table[2] ?? '')
      if (table[1]) {
        const count = counters.get(table[2] ?? '') ?? 0
        counters.set(table[2] ?? '', count + 1)
        section = [...section, count]
      }
      continue
    }
    const assignment = /^([\w."'-]+(?:\s*\.\s*[\w"'-]+)*)\s*=\s*(.+)$/.exec(line)
    if (!assignment) continue
    const value = valueOf(assignment[2] ?? '')
    if (value.ok) flatten(value.value, [...section, ...keysOf(assignment[1] ?? '')], index + 1, (assignment[2] ?? '').trim(), leaves, 0)
    else if (problems.length < 10 && !/^(?:\[|\{|"""|''')/.test(assignment[2] ?? '')) problems.push({ line: index + 1, text: `${assignment[1]}: the value does not parse` })
  }
  return { leaves, problems }
}

function keysOf(text: string): string[] {
  return text.split('.').map((part) => part.trim().replace(/^["']|["']$/g, ''))
}

function valueOf(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: parse(`v = ${text}`)['v'] }
  } catch {
    return { ok: false }
  }
}

function flatten(value: unknown, path: (string | number)[], line: number, written: string, leaves: YamlLeaf[], depth: number): void {
  if (depth > 20 || leaves.length > 50_000) return
  if (Array.isArray(value)) value.forEach((item, index) => flatten(item, [...path, index], line, written, leaves, depth + 1))
  else if (typeof value === 'object' && value !== null && !(value instanceof Date)) for (const [key, item] of Object.entries(value)) flatten(item, [...path, key], line, String(item), leaves, depth + 1)
  else leaves.push({ document: 0, path, value: typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : String(value), line, written: written.replace(/\s+#.*$/, '').replace(/^["']|["']$/g, '') })
}
