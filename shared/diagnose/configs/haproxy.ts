import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { parseHaproxyTime } from './durations.ts'
import { haproxySetting, haproxyProvider, parseHaproxySections, type HaproxyEntry, type HaproxySection } from './haproxy-sections.ts'
import { formerNames, haproxyTimeouts, type HaproxyTimeout } from './haproxy-timeouts.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'

const product = 'HAProxy'
/** HAProxy: defaults (named, with `from`), frontends, backends, listen; bare numbers are milliseconds. */
export const haproxyConfig: ConfigReader = {
  id: 'haproxy', kind: 'HAProxy configuration',
  recognises: ({ text }) => {
    const found = new Set([...text.matchAll(/^[ \t]*(defaults|frontend|backend|listen|timeout[ \t]+(?:client|server|connect|queue|http-request|http-keep-alive|tunnel|check)|bind|default_backend|use_backend|option (?:httplog|tcplog|redispatch|forwardfor|http-server-close)|mode (?:http|tcp)|balance)\b/gm)].slice(0, 60).map((match) => (match[1] ?? '').replaceAll(/\s+/g, ' '))).size
    return /^[ \t]*(?:frontend|backend|listen|defaults)\b[^;{]*$/m.test(text) || /^[ \t]*timeout[ \t]+(?:client|server|connect)\s/m.test(text) ? Math.min(1, found * 0.25) : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const parsed = parseHaproxySections(text)
    const uses = usesOf(parsed)
    const limits = [...parsed.flatMap((section) => ownLimits(section, uses, file, notes)), ...missing(parsed, file), ...standIns(parsed, file)]
    return { limits, notes }
  },
}

/** Limits written in this section, and whether any frontend or backend gets them. */
function ownLimits(section: HaproxySection, uses: Uses, file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
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
    const use = uses(section, called)
    const tcp = use !== undefined && use.allTcp
    const limit = timeLimit(`timeout ${called}`, (former ? name : value) ?? '', entry, file, tcp && kind.tcp ? { ...kind, ...kind.tcp } : kind, notes)
    const last = section.last.get(`timeout ${called}`)
    const inForce = limit.enforced && (section.kind !== 'defaults' || use !== undefined) && applies(section, called) && (former !== undefined || last === undefined || last === entry)
    return [{ ...limit, enforced: inForce, attempts: called === 'connect' ? use?.tries ?? 1 : called === 'server' ? use?.answerTries ?? 1 : 1, scope, serves: use?.sections ?? [] }]
  })
}

function scopeOf(section: HaproxySection): string {
  return `${section.kind} ${section.name}`.trim()
}

function timeLimit(directive: string, value: string, entry: HaproxyEntry, file: string, kind: Pick<HaproxyTimeout, 'cause' | 'alsoCauses' | 'counts' | 'meaning'>, notes: DiagnosisNote[]): DiagnosedLimit {
  const parsed = parseHaproxyTime(value)
  if (!parsed.ok) notes.push(noteOf(file, entry.line, `${directive} ${value}: ${/[$%{]|\(/.test(value) ? 'filled in from outside, its value is not known here' : value === '' ? 'without a value' : 'not a duration HAProxy takes'}`))
  return limitOf({ layer: 'proxy', product, directive, valueMs: parsed.ok && parsed.ms > 0 ? parsed.ms : null, asWritten: value, file, line: entry.line, enforced: parsed.ok && parsed.ms > 0, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses, counts: kind.counts })
}

/** Sections in which a timeout means something. */
function applies(section: HaproxySection, name: string): boolean {
  if (section.kind === 'backend') return !['client', 'client-fin'].includes(name)
  if (section.kind === 'frontend') return !['server', 'server-fin', 'connect', 'queue', 'check', 'tunnel'].includes(name)
  return section.kind === 'defaults' || section.kind === 'listen'
}

/** What those who get a timeout from a section have in common; undefined where nobody gets it. */
interface Use { sections: string[]; allTcp: boolean; tries: number; answerTries: number }
type Uses = (section: HaproxySection, timeout: string) => Use | undefined

/** Who gets a section's timeouts: itself, or everybody who inherits these defaults and does not set its own. Each timeout is followed once. */
function usesOf(all: readonly HaproxySection[]): Uses {
  const users = all.filter((section) => ['frontend', 'backend', 'listen'].includes(section.kind))
  const known = new Map<string, Map<HaproxySection, Use>>()
  const follow = (timeout: string): Map<HaproxySection, Use> => {
    const uses = new Map<HaproxySection, Use>()
    for (const user of users) {
      const from = haproxyProvider(user, timeout)
      if (from && (from === user || applies(user, timeout))) uses.set(from, withUser(uses.get(from), user))
    }
    return uses
  }
  return (section, timeout) => {
    if (section.kind !== 'defaults') return withUser(undefined, section)
    const uses = known.get(timeout) ?? follow(timeout)
    known.set(timeout, uses)
    return uses.get(section)
  }
}

/** Sections told of one value: a generated configuration has thousands. */
const mostServed = 200

function withUser(use: Use | undefined, user: HaproxySection): Use {
  return { sections: [...(use?.sections ?? []), scopeOf(user)].slice(-mostServed), allTcp: (use?.allTcp ?? true) && modeOf(user) === 'tcp', tries: Math.max(use?.tries ?? 1, triesOf(user)), answerTries: Math.max(use?.answerTries ?? 1, answerTriesOf(user)) }
}

function modeOf(section: HaproxySection): string {
  return haproxySetting(section, 'mode')?.words[1] ?? 'tcp'
}

/** A connection is tried again `retries` times (3 by default). */
function triesOf(section: HaproxySection): number {
  const retries = Number(haproxySetting(section, 'retries')?.words[1] ?? 3)
  return Number.isFinite(retries) ? retries + 1 : 4
}

/** `retry-on` sends a request again that was answered too late, or badly. */
function answerTriesOf(section: HaproxySection): number {
  const words = haproxySetting(section, 'retry-on')?.words ?? []
  return words.some((word) => word === 'response-timeout' || word === 'all-retryable-errors') ? triesOf(section) : 1
}

/** Timeouts that stand in for others (configuration manual 4.2): connect for queue, http-request or client for http-keep-alive. */
function standIns(all: readonly HaproxySection[], file: string): DiagnosedLimit[] {
  const list: DiagnosedLimit[] = []
  const add = (name: string, standIn: string, user: HaproxySection | undefined) => {
    const kind = haproxyTimeouts[name]
    const entry = user ? haproxySetting(user, `timeout ${standIn}`) : null
    const parsed = entry ? parseHaproxyTime(entry.words[2] ?? '') : null
    if (!kind || !user || !parsed?.ok || parsed.ms <= 0) return
    list.push(limitOf({ layer: 'proxy', product, directive: `timeout ${name}`, valueMs: parsed.ms, asWritten: entry?.words[2] ?? '', file, line: null, meaning: `${kind.meaning} Not set: timeout ${standIn} stands in for it.`, cause: kind.cause, alsoCauses: kind.alsoCauses, counts: kind.counts, scope: scopeOf(user), isDefault: true }))
  }
  add('queue', 'connect', all.find((section) => ['backend', 'listen'].includes(section.kind) && !hasTimeout(section, 'queue') && section.entries.some((entry) => entry.words[0] === 'server' && entry.words.includes('maxconn'))))
  const front = all.find((section) => ['frontend', 'listen'].includes(section.kind) && modeOf(section) === 'http' && !hasTimeout(section, 'http-keep-alive'))
  if (front) add('http-keep-alive', hasTimeout(front, 'http-request') ? 'http-request' : 'client', front)
  return list
}

/** HAProxy has no defaults: what nobody sets waits for ever, and HAProxy warns about it at start. */
function missing(all: readonly HaproxySection[], file: string): DiagnosedLimit[] {
  const list: DiagnosedLimit[] = []
  for (const [name, kinds] of [['client', ['frontend', 'listen']], ['server', ['backend', 'listen']], ['connect', ['backend', 'listen']]] as const) {
    const user = all.find((section) => (kinds as readonly string[]).includes(section.kind) && !hasTimeout(section, name))
    const kind = haproxyTimeouts[name]
    if (user && kind) list.push(limitOf({ layer: 'proxy', product, directive: `timeout ${name}`, valueMs: null, asWritten: '', file, line: user.line, enforced: false, meaning: `Not set for ${user.kind} ${user.name}: HAProxy waits for ever.`, cause: kind.cause, counts: kind.counts, scope: `${user.kind} ${user.name}`, isDefault: true }))
  }
  return list
}

function hasTimeout(section: HaproxySection, name: string): boolean {
  return haproxySetting(section, `timeout ${name}`) !== null
}
