import type { DiagnosedLimit } from '../diagnosis.ts'
import type { LogFact } from '../logs/fact.ts'

/** Whether a setting held for this request: 1 it did, -1 it is another part's, 0 nothing tells. */
export type Serving = (limit: DiagnosedLimit) => -1 | 0 | 1

/**
 * Which of several settings of one name held for a request, by what its log lines say: nginx names path and server, HAProxy its
 * frontend and backend, Apache the upstream.
 */
export function servingOf(limits: readonly DiagnosedLimit[], facts: readonly LogFact[]): Serving {
  const rules: Record<string, Serving> = { nginx: nginxServing(limits, facts), HAProxy: haproxyServing(facts), 'Apache httpd': apacheServing(facts) }
  return (limit) => rules[limit.product]?.(limit) ?? 0
}

/** nginx: `=` before `^~` and the longest prefix, and a regular expression before a plain prefix (core module, `location`). */
function nginxServing(limits: readonly DiagnosedLimit[], facts: readonly LogFact[]): Serving {
  const own = facts.filter((fact) => fact.product === 'nginx' || fact.product === '')
  const path = own.map((fact) => fact.request?.path ?? null).find((found) => found !== null)?.split('?')[0]
  const server = own.map((fact) => /, server: ([^,\s]+), /.exec(fact.text)?.[1]).find((name) => name !== undefined && name !== '_')
  const all = [...new Set(limits.filter((limit) => limit.product === 'nginx').flatMap((limit) => limit.serves ?? []))]
  const here = server !== undefined && all.some((scope) => serverOf(scope) === server) ? all.filter((scope) => serverOf(scope) === server) : all
  const servers = new Set(here.map(serverOf))
  // Of several servers with the same paths nobody tells which one it was.
  const best = path === undefined || (servers.size > 1 && here.length !== new Set(here.map(locationOf)).size) ? null : bestLocation(here, path)
  return (limit) => (best === null || !limit.serves ? 0 : limit.serves.includes(best) ? 1 : -1)
}

function serverOf(scope: string): string {
  return /^server ([^,]*)/.exec(scope)?.[1] ?? ''
}

function locationOf(scope: string): string {
  return scope.split(', location ').at(-1) ?? ''
}

function bestLocation(scopes: readonly string[], path: string): string | null {
  let best: { scope: string; weight: number } | null = null
  for (const scope of scopes) {
    const weight = scope.includes('location ') ? locationWeight(locationOf(scope).replace(/^location /, ''), path) : 0
    if (weight !== null && (best === null || weight > best.weight)) best = { scope, weight }
  }
  return best?.scope ?? null
}

const exactly = 1e6
const insteadOfPattern = 1e5
const byPattern = 1e4

/** How strongly a location wants a path; null where it does not fit. Of several patterns the first in the file holds. */
function locationWeight(location: string, path: string): number | null {
  const match = /^(?:(=|\^~|~\*?) ?)?(\S+)$/.exec(location)
  if (!match) return null
  const [, modifier, pattern = ''] = match
  if (modifier === '=') return path === pattern ? exactly : null
  if (modifier === '~' || modifier === '~*') return fits(pattern, modifier === '~*', path) ? byPattern : null
  return path.startsWith(pattern) ? (modifier === '^~' ? insteadOfPattern : 0) + pattern.length : null
}

/** Longest pattern that is tried: nginx's are written by hand. */
const longestPattern = 200

function fits(pattern: string, anyCase: boolean, path: string): boolean {
  // Nested repetitions of somebody else's pattern could take for ever.
  if (pattern.length > longestPattern || /[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]/.test(pattern)) return false
  try {
    return new RegExp(pattern, anyCase ? 'i' : '').test(path.slice(0, 2000))
  } catch {
    return false
  }
}

function haproxyServing(facts: readonly LogFact[]): Serving {
  const names = facts.filter((fact) => fact.product === 'HAProxy').map((fact) => / (\S+?)~? ([^\s/]+)\/[^\s/]+ [-+\d]+\/[-+\d]+\//.exec(fact.text)).find((match) => match !== null)
  if (!names) return () => 0
  const sections = new Set([`frontend ${names[1]}`, `backend ${names[2]}`, `listen ${names[1]}`])
  return (limit) => (!limit.serves || limit.serves.length === 0 ? 0 : limit.serves.some((section) => sections.has(section)) ? 1 : -1)
}

/** Parameters of a worker hold for its upstream, and before `ProxyTimeout` (mod_proxy, `timeout=`). */
function apacheServing(facts: readonly LogFact[]): Serving {
  const text = facts.filter((fact) => fact.product === 'Apache httpd').map((fact) => fact.text).join('\n')
  const named = /(?:remote server|\bto|\bfrom|backend:?) [\w.-]+:\d+/.test(text)
  return (limit) => {
    const host = /^\w+:\/\/([\w.-]+)(?::(\d+))?/.exec(limit.serves?.[0] ?? '')
    if (!host || !named) return 0
    return text.includes(`${host[1]}:${host[2] ?? ''}`) ? 1 : -1
  }
}
