import { isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node, type Pair, type YAMLMap, type YAMLParseError } from 'yaml'
import { limitKindOf } from '../limits/catalog.ts'
import { nearestName } from '../limits/nearest-name.ts'
import { parseValue } from '../limits/units.ts'
import { mostProxies, proxyEngines, type ProxyEngine } from './layers.ts'
import type { Profile } from './profiles.ts'
import { limitKinds } from '../limits/catalog.ts'

/** What is wrong with a profile file, and on which line (from 1). */
export interface ProfileProblem { line: number; message: string; hint: string | null }
export type ParsedProfile = { ok: true; profile: Profile } | { ok: false; problems: ProfileProblem[] }

/**
 * Reads a profile file (YAML). Everything wrong is reported at once, each with its line.
 *
 *     name: my-service            # shown everywhere
 *     title: My service
 *     description: where the numbers come from
 *     emulated: false             # true: a provider's published numbers, enforced by our own layers
 *     proxies: [nginx]
 *     limits:
 *       client.total: 5s
 *       proxy.read: { value: 60s, origin: nginx.conf, enforced: true }
 *       gateway.write: off
 */
export function parseProfile(text: string, fileName: string): ParsedProfile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true })
  const problems: ProfileProblem[] = document.errors.map((error) => ({ line: error.linePos?.[0].line ?? 1, message: plainMessage(error), hint: null }))
  if (problems.length > 0) return { ok: false, problems: problems.filter(({ line, message }, index) => problems.findIndex((other) => other.line === line && other.message === message) === index) }
  const lineOf = (node: Node | null | undefined) => (node?.range ? lines.linePos(node.range[0]).line : 1)
  if (!isMap(document.contents)) return { ok: false, problems: [{ line: 1, message: 'a profile is a map of name, title, description, proxies and limits', hint: 'start with "name: my-service"' }] }
  const report = (node: Node | null | undefined, message: string, hint: string | null = null) => { problems.push({ line: lineOf(node), message, hint }) }
  // An alias may stand for a value; it is put in its place, so that what follows sees values only.
  visit(document, { Alias: (_, alias) => { const meant = alias.resolve(document); return isScalar(meant) ? meant : report(alias, 'an alias may stand for a single value only') } })
  if (problems.length > 0) return { ok: false, problems: problems.filter((problem, index) => problems.findIndex((other) => other.line === problem.line) === index) }
  checkKeys(document.contents, known, report)
  const name = textOf(document, 'name', report) ?? fileName.replace(/\.ya?ml$/, '')
  const profile: Profile = {
    name, title: textOf(document, 'title', report) ?? name, description: textOf(document, 'description', report) ?? '', emulated: flagOf(document.contents, 'emulated', report) ?? false,
    proxies: proxiesOf(document, report), limits: limitsIn(document, fileName, lineOf, report),
  }
  return problems.length > 0 ? { ok: false, problems: problems.toSorted((a, b) => a.line - b.line) } : { ok: true, profile }
}

type Report = (node: Node | null | undefined, message: string, hint?: string | null) => void
const known = ['name', 'title', 'description', 'emulated', 'proxies', 'limits']

/** The parser ends its sentence with the place, which is told apart. */
function plainMessage({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'a profile file holds one profile: a second document begins here'
  if (code === 'DUPLICATE_KEY') return 'this key stands in the file twice'
  // The parser takes a line that is indented deeper for the rest of the value before it.
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') return 'this line and the next are not indented alike: the keys of one map begin in the same column'
  return (message.split('\n')[0] ?? 'not YAML').replace(/ at line \d+, column \d+:?$/, '')
}

function checkKeys(map: YAMLMap, names: readonly string[], report: Report): void {
  for (const pair of map.items) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key)
    const near = nearestName(key, [...names])
    if (!names.includes(key)) report(pair.key as Node, `unknown key "${key}"`, near ? `did you mean ${near}?` : `known are ${names.join(', ')}`)
  }
}

/** true or false; YAML 1.2 takes yes and no for text, which must not pass for true. */
function flagOf(map: YAMLMap, key: string, report: Report): boolean | null {
  const value: unknown = map.get(key)
  if (value === undefined || typeof value === 'boolean') return value ?? null
  report(map.get(key, true) as Node, `${key} must be true or false`)
  return null
}

function textOf(document: Document, key: string, report: Report): string | null {
  const node = document.get(key, true) as Node | undefined
  if (node === undefined) return null
  if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value
  report(node, `${key} must be text`)
  return null
}

function proxiesOf(document: Document, report: Report): ProxyEngine[] {
  const node = document.get('proxies', true) as Node | undefined
  if (node === undefined) return []
  const value: unknown = document.get('proxies') === null ? [] : (node as { toJSON(): unknown }).toJSON()
  if (!Array.isArray(value)) { report(node, 'proxies must be a list, such as [nginx]'); return [] }
  if (value.length > mostProxies) report(node, `${value.length} proxies in a row are more than ${mostProxies}`)
  return value.filter((item): item is ProxyEngine => {
    const good = (proxyEngines as readonly unknown[]).includes(item)
    if (!good) report(node, `"${String(item)}" is not a proxy`, `known are ${proxyEngines.join(', ')}`)
    return good
  })
}

function limitsIn(document: Document, fileName: string, lineOf: (node: Node | null | undefined) => number, report: Report): Profile['limits'] {
  const node = document.get('limits', true) as Node | undefined
  if (node === undefined) { report(null, 'a profile needs limits', 'add "limits:" with at least one, such as "client.total: 5s"'); return [] }
  if (!isMap(node)) { report(node, 'limits must be a map from limit to value'); return [] }
  return node.items.flatMap((pair) => limitIn(pair as Pair<Node, Node | null>, fileName, lineOf, report))
}

function limitIn(pair: Pair<Node, Node | null>, fileName: string, lineOf: (node: Node | null | undefined) => number, report: Report): Profile['limits'] {
  const id = String(isScalar(pair.key) ? pair.key.value : pair.key)
  const kind = limitKindOf(id)
  if (!kind) {
    const near = nearestName(id, limitKinds.map((limit) => limit.base))
    const inside = isMap(pair.value) ? pair.value.items.map((inner) => `${id}.${String(isScalar(inner.key) ? inner.key.value : inner.key)}`).find((whole) => limitKindOf(whole)) : undefined
    report(pair.key, `unknown limit "${id}"`, inside ? `write it as one key: ${inside}` : near ? `did you mean ${near}?` : null)
    return []
  }
  const node = pair.value
  const field = (key: string): unknown => (isMap(node) ? node.get(key) : undefined)
  if (isMap(node)) checkKeys(node, ['value', 'origin', 'enforced'], report)
  const written: unknown = isMap(node) ? field('value') : isScalar(node) ? node.value : undefined
  if (written === undefined || written === null) {
    report(node ?? pair.key, `${id} has no value`, 'write off to switch it off, or a value with its unit, such as 500ms')
    return []
  }
  const origin = field('origin')
  const rest = { id, origin: typeof origin === 'string' ? origin : `${fileName}:${lineOf(pair.key)}`, ...(isMap(node) && flagOf(node, 'enforced', report) === false ? { enforced: false } : {}) }
  if (written === false || written === 'off' || written === 'none') return [{ ...rest, value: null }]
  const parsed = parseValue(String(written), kind.kind)
  if (!parsed.ok) { report(node, `${id}: ${parsed.problem}`, parsed.hint); return [] }
  return [{ ...rest, value: parsed.value }]
}
