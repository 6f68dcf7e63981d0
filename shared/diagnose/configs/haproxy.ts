import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { parseHaproxyTime } from './durations.ts'
import { formerNames, haproxyTimeouts, type HaproxyTimeout } from './haproxy-timeouts.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'

const product = 'HAProxy'
interface Entry { words: string[]; line: number; section: Section }
interface Section { kind: string; name: string; line: number; entries: Entry[]; from: string | null; defaults: Section | null }

const sections = /^(global|defaults|frontend|backend|listen|peers|resolvers|mailers|userlist|program|cache|ring|http-errors|log-forward|fcgi-app|crt-store|traces)\b/

/** HAProxy: defaults (named, with `from`), frontends, backends, listen; bare numbers are milliseconds. */
export const haproxyConfig: ConfigReader = {
  id: 'haproxy', kind: 'HAProxy configuration',
  recognises: ({ text }) => {
    const found = new Set([...text.matchAll(/^[ \t]*(defaults|frontend|backend|listen|timeout[ \t]+(?:client|server|connect|queue|http-request|http-keep-alive|tunnel|check)|bind|default_backend|use_backend|option (?:httplog|tcplog|redispatch|forwardfor|http-server-close)|mode (?:http|tcp)|balance)\b/gm)].slice(0, 60).map((match) => (match[1] ?? '').replaceAll(/\s+/g, ' '))).size
    return /^[ \t]*(?:frontend|backend|listen|defaults)\b[^;{]*$/m.test(text) || /^[ \t]*timeout[ \t]+(?:client|server|connect)\s/m.test(text) ? Math.min(1, found * 0.25) : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const parsed = parseSections(text)
    if (parsed.length > mostSections) notes.push(noteOf(file, null, `${parsed.length} sections: what defaults hand on is not followed`))
    const limits = [...parsed.flatMap((section) => ownLimits(section, parsed, file, notes)), ...missing(parsed, file), ...standIns(parsed, file)]
    return { limits, notes }
  },
}

/** Sections between which inheritance is followed. */
const mostSections = 3000

function parseSections(text: string): Section[] {
  const list: Section[] = []
  let unnamed: Section | null = null
  const lines = text.split('\n')
  for (let index = 0; index < Math.min(lines.length, 200_000); index++) {
    const words = wordsOf(lines[index] ?? '')
    if (words.length === 0) continue
    const head = sections.exec(words[0] ?? '')
    if (head) {
      const from = words.indexOf('from')
      const section: Section = { kind: head[1] ?? '', name: words[1] === 'from' ? '' : words[1] ?? '', line: index + 1, entries: [], from: from > 0 ? words[from + 1] ?? null : null, defaults: unnamed }
      if (section.from) section.defaults = list.find((other) => other.kind === 'defaults' && other.name === section.from) ?? unnamed
      if (section.kind === 'defaults') unnamed = section
      list.push(section)
    } else list.at(-1)?.entries.push({ words, line: index + 1, section: list.at(-1) as Section })
  }
  return list
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

/** Limits written in this section, and whether any frontend or backend gets them. */
function ownLimits(section: Section, all: readonly Section[], file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  return section.entries.flatMap((entry): DiagnosedLimit[] => {
    const [first = '', name, value] = entry.words
    const scope = scopeOf(section)
    if (first === 'hard-stop-after' && section.kind === 'global') return [timeLimit('hard-stop-after', name ?? '', entry, file, { cause: 'proxy.stopped', alsoCauses: [], counts: 'stop', meaning: 'After a soft stop, what still runs is killed.' }, notes)]
    // A rule sets it for the requests it fits.
    const set = entry.words.indexOf('set-timeout')
    if (set > 0) {
      const kind = haproxyTimeouts[entry.words[set + 1] ?? '']
      return kind ? [{ ...timeLimit(`set-timeout ${entry.words[set + 1]}`, entry.words[set + 2] ?? '', entry, file, { ...kind, meaning: `${kind.meaning} For the requests that this rule fits.` }, notes), scope }] : []
    }
    const former = formerNames[first]
    if (former) notes.push(noteOf(file, entry.line, `${first}: HAProxy 2.1 and later do not start with it; it is called timeout ${former}`))
    const called = former ?? name
    if ((first !== 'timeout' && !former) || !called) return []
    const kind = haproxyTimeouts[called]
    if (!kind) {
      if (called !== 'mail' && called !== 'hold' && section.kind !== 'resolvers') notes.push(noteOf(file, entry.line, `timeout ${called}: not known`))
      return []
    }
    const users = usersOf(section, all, called)
    const tcp = users.length > 0 && users.every((user) => modeOf(user) === 'tcp')
    const limit = timeLimit(`timeout ${called}`, (former ? name : value) ?? '', entry, file, tcp && kind.tcp ? { ...kind, ...kind.tcp } : kind, notes)
    const last = section.entries.findLast((other) => other.words[0] === 'timeout' && other.words[1] === called)
    const inForce = limit.enforced && (section.kind !== 'defaults' || users.length > 0) && applies(section, called) && (former !== undefined || last === undefined || last === entry)
    return [{ ...limit, enforced: inForce, attempts: called === 'connect' ? Math.max(1, ...users.map(triesOf)) : called === 'server' ? Math.max(1, ...users.map(answerTriesOf)) : 1, scope }]
  })
}

function scopeOf(section: Section): string {
  return `${section.kind} ${section.name}`.trim()
}

function timeLimit(directive: string, value: string, entry: Entry, file: string, kind: Pick<HaproxyTimeout, 'cause' | 'alsoCauses' | 'counts' | 'meaning'>, notes: DiagnosisNote[]): DiagnosedLimit {
  const parsed = parseHaproxyTime(value)
  if (!parsed.ok) notes.push(noteOf(file, entry.line, `${directive} ${value}: ${/[$%{]|\(/.test(value) ? 'filled in from outside, its value is not known here' : value === '' ? 'without a value' : 'not a duration HAProxy takes'}`))
  return limitOf({ layer: 'proxy', product, directive, valueMs: parsed.ok && parsed.ms > 0 ? parsed.ms : null, asWritten: value, file, line: entry.line, enforced: parsed.ok && parsed.ms > 0, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses, counts: kind.counts })
}

/** Sections in which a timeout means something. */
function applies(section: Section, name: string): boolean {
  if (section.kind === 'backend') return !['client', 'client-fin'].includes(name)
  if (section.kind === 'frontend') return !['server', 'server-fin', 'connect', 'queue', 'check', 'tunnel'].includes(name)
  return section.kind === 'defaults' || section.kind === 'listen'
}

/** Who gets this timeout: the section itself, or everybody who inherits these defaults and does not set its own. */
function usersOf(section: Section, all: readonly Section[], name: string): Section[] {
  if (section.kind !== 'defaults') return [section]
  // Nobody has so many: the last of them hold for all that follows, which is enough to be told.
  if (all.length > mostSections) return []
  return all.filter((user) => ['frontend', 'backend', 'listen'].includes(user.kind) && inherits(user, section, name) && applies(user, name))
}

function inherits(user: Section, defaults: Section, name: string): boolean {
  for (let current: Section | null = user, depth = 0; current && depth < 20; current = current.defaults, depth++) {
    if (current === defaults) return true
    if (current.entries.some((entry) => entry.words[0] === 'timeout' && entry.words[1] === name)) return false
  }
  return false
}

/** A setting of a section, its own or inherited. */
function settingOf(section: Section, first: string): string | null {
  for (let current: Section | null = section, depth = 0; current && depth < 20; current = current.defaults, depth++) {
    const entry = current.entries.findLast((candidate) => candidate.words[0] === first)
    if (entry) return entry.words[1] ?? null
  }
  return null
}

function modeOf(section: Section): string {
  return settingOf(section, 'mode') ?? 'tcp'
}

/** A connection is tried again `retries` times (3 by default). */
function triesOf(section: Section): number {
  const retries = Number(settingOf(section, 'retries') ?? 3)
  return Number.isFinite(retries) ? retries + 1 : 4
}

/** `retry-on` sends a request again that was answered too late, or badly. */
function answerTriesOf(section: Section): number {
  for (let current: Section | null = section, depth = 0; current && depth < 20; current = current.defaults, depth++) {
    const entry = current.entries.findLast((candidate) => candidate.words[0] === 'retry-on')
    if (entry) return entry.words.some((word) => word === 'response-timeout' || word === 'all-retryable-errors') ? triesOf(section) : 1
  }
  return 1
}

/** Timeouts that stand in for others (configuration manual 4.2): connect for queue, http-request or client for http-keep-alive. */
function standIns(all: readonly Section[], file: string): DiagnosedLimit[] {
  const list: DiagnosedLimit[] = []
  const add = (name: string, standIn: string, user: Section | undefined) => {
    const kind = haproxyTimeouts[name]
    const entry = user ? settingEntry(user, standIn) : null
    const parsed = entry ? parseHaproxyTime(entry.words[2] ?? '') : null
    if (!kind || !user || !parsed?.ok || parsed.ms <= 0) return
    list.push(limitOf({ layer: 'proxy', product, directive: `timeout ${name}`, valueMs: parsed.ms, asWritten: entry?.words[2] ?? '', file, line: null, meaning: `${kind.meaning} Not set: timeout ${standIn} stands in for it.`, cause: kind.cause, alsoCauses: kind.alsoCauses, counts: kind.counts, scope: scopeOf(user), isDefault: true }))
  }
  add('queue', 'connect', all.find((section) => ['backend', 'listen'].includes(section.kind) && !hasTimeout(section, 'queue') && section.entries.some((entry) => entry.words[0] === 'server' && entry.words.includes('maxconn'))))
  const front = all.find((section) => ['frontend', 'listen'].includes(section.kind) && modeOf(section) === 'http' && !hasTimeout(section, 'http-keep-alive'))
  if (front) add('http-keep-alive', hasTimeout(front, 'http-request') ? 'http-request' : 'client', front)
  return list
}

/** The entry of a timeout that a section has, its own or an inherited one. */
function settingEntry(section: Section, name: string): Entry | null {
  for (let current: Section | null = section, depth = 0; current && depth < 20; current = current.defaults, depth++) {
    const entry = current.entries.findLast((candidate) => candidate.words[0] === 'timeout' && candidate.words[1] === name)
    if (entry) return entry
  }
  return null
}

/** HAProxy has no defaults: what nobody sets waits for ever, and HAProxy warns about it at start. */
function missing(all: readonly Section[], file: string): DiagnosedLimit[] {
  const list: DiagnosedLimit[] = []
  for (const [name, kinds] of [['client', ['frontend', 'listen']], ['server', ['backend', 'listen']], ['connect', ['backend', 'listen']]] as const) {
    const user = all.find((section) => (kinds as readonly string[]).includes(section.kind) && !hasTimeout(section, name))
    const kind = haproxyTimeouts[name]
    if (user && kind) list.push(limitOf({ layer: 'proxy', product, directive: `timeout ${name}`, valueMs: null, asWritten: '', file, line: user.line, enforced: false, meaning: `Not set for ${user.kind} ${user.name}: HAProxy waits for ever.`, cause: kind.cause, counts: kind.counts, scope: `${user.kind} ${user.name}`, isDefault: true }))
  }
  return list
}

function hasTimeout(section: Section, name: string): boolean {
  return settingEntry(section, name) !== null
}
