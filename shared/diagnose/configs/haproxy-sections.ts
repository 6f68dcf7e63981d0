import { formerNames } from './haproxy-timeouts.ts'

export interface HaproxyEntry { words: string[]; line: number }
export interface HaproxySection {
  kind: string; name: string; line: number; entries: HaproxyEntry[]
  /** The defaults section it inherits from. */
  defaults: HaproxySection | null
  /** The entry that holds of each keyword, the last one; of timeouts by their name, `timeout client`. */
  last: Map<string, HaproxyEntry>
  /** Timeouts set here, by today's names. */
  sets: Set<string>
}

const heads = /^(global|defaults|frontend|backend|listen|peers|resolvers|mailers|userlist|program|cache|ring|http-errors|log-forward|fcgi-app|crt-store|traces)\b/
/** Longest chain of `defaults a from b`: one may lead in circles. */
const longestChain = 20

/** The sections of a file in their order; what stands in front of the first is left out. */
export function parseHaproxySections(text: string): HaproxySection[] {
  const list: HaproxySection[] = []
  const named = new Map<string, HaproxySection>()
  let latest: HaproxySection | null = null
  for (const [index, line] of text.split('\n').entries()) {
    const words = wordsOf(line)
    const first = words[0]
    if (first === undefined) continue
    const kind = heads.exec(first)?.[1]
    if (kind === undefined) {
      const section = list.at(-1)
      if (section) addEntry(section, { words, line: index + 1 })
      continue
    }
    const from = words.indexOf('from')
    const section: HaproxySection = { kind, name: words[1] === 'from' ? '' : words[1] ?? '', line: index + 1, entries: [], defaults: (from > 0 ? named.get(words[from + 1] ?? '') : null) ?? latest, last: new Map(), sets: new Set() }
    if (kind === 'defaults') {
      latest = section
      if (!named.has(section.name)) named.set(section.name, section)
    }
    list.push(section)
  }
  return list
}

function addEntry(section: HaproxySection, entry: HaproxyEntry): void {
  const [first = '', second = ''] = entry.words
  section.entries.push(entry)
  section.last.set(first === 'timeout' ? `timeout ${second}` : first, entry)
  const timeout = first === 'timeout' ? second : formerNames[first]
  if (timeout) section.sets.add(timeout)
}

/** Words of a line: quotes and backslashes as HAProxy reads them, comments left out. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  for (const match of line.slice(0, 4096).matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(#.*$)|((?:[^\s"'#\\]|\\.)+)/g)) {
    if (match[3] !== undefined) break
    words.push(match[1] ?? match[2] ?? match[4] ?? '')
  }
  return words
}

/** The section and the defaults it inherits from, nearest first. */
function* chainOf(section: HaproxySection): Generator<HaproxySection> {
  for (let current: HaproxySection | null = section, depth = 0; current && depth < longestChain; current = current.defaults, depth++) yield current
}

/** The entry of a keyword that holds for a section, its own or an inherited one. */
export function haproxySetting(section: HaproxySection, keyword: string): HaproxyEntry | null {
  for (const current of chainOf(section)) {
    const entry = current.last.get(keyword)
    if (entry) return entry
  }
  return null
}

/** Which section sets a timeout for this one: itself, or the nearest defaults that do; null if none does. */
export function haproxyProvider(section: HaproxySection, timeout: string): HaproxySection | null {
  for (const current of chainOf(section)) if (current.sets.has(timeout)) return current
  return null
}
