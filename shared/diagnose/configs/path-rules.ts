import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { msOf, parseGoDuration, parseHaproxyTime, parseNginxTime, parseProtoDuration, parseSystemdTime } from './durations.ts'
import { limitOf, noteOf } from './reader.ts'
import { pathText, type YamlLeaf } from './yaml-lines.ts'

/** How a value is written. `whole-s` refuses a unit; `size` is no duration; `go` durations are strings with units, bare numbers are nanoseconds. */
export type ValueForm = 's' | 'whole-s' | 'ms' | 'go' | 'go-seconds' | 'proto' | 'nginx' | 'haproxy' | 'systemd' | 'hms' | 'size'

/** A limit at the end of a path of a structured file. */
export interface PathRule {
  /** Tested on the path as text, `spec.containers[0].resources.limits.memory`. */
  path: RegExp
  product: string
  /** Defaults to the last part of the path. */
  directive?: string
  layer: LayerId
  cause: Cause | null
  alsoCauses?: Cause[]
  counts: Counts
  form: ValueForm
  meaning: string
  /** How a product writes that there is no limit: `-1`. */
  off?: RegExp
  /** How often it counts anew, by the leaves around it. */
  attempts?(leaf: YamlLeaf, all: readonly YamlLeaf[]): number
}

/** A sibling (or a leaf further out) of a leaf: `sibling(leaf, all, ['num_retries'], 1)` looks in the same mapping. */
export function sibling(leaf: YamlLeaf, all: readonly YamlLeaf[], path: readonly string[], up = 1): YamlLeaf | undefined {
  return placesOf(all).get(`${leaf.document} ${pathText([...leaf.path.slice(0, -up), ...path])}`)
}

/** Leaves by document and path, once per list: a long file has as many questions as leaves. */
const places = new WeakMap<readonly YamlLeaf[], Map<string, YamlLeaf>>()

function placesOf(all: readonly YamlLeaf[]): Map<string, YamlLeaf> {
  const known = places.get(all)
  if (known) return known
  const made = new Map<string, YamlLeaf>()
  for (const leaf of all) {
    const place = `${leaf.document} ${pathText(leaf.path)}`
    if (!made.has(place)) made.set(place, leaf)
  }
  places.set(all, made)
  return made
}

/** Retries of a sibling: that many tries and one more. */
export function triesBeside(name: readonly string[], up = 1) {
  return (leaf: YamlLeaf, all: readonly YamlLeaf[]): number => {
    const retries = Number(sibling(leaf, all, name, up)?.value ?? 0)
    return Number.isInteger(retries) && retries > 0 && retries < 1000 ? retries + 1 : 1
  }
}

/** What a template falls back to: `{{ .Values.t | default 30 }}`, `${T:-30}`, `${env:T, 30}`; null for what only the deployment knows. */
function assumedOf(text: string): string | null {
  if (!/[$}]|\{\{/.test(text)) return text
  const helm = /\{\{.*\bdefault\s+"?(\d[\w.]*)"?/.exec(text)?.[1] ?? /\{\{.*\|\s*default\(?\s*"?(\d[\w.]*)"?/.exec(text)?.[1]
  return helm ?? /^\$\{\w+:?-([^}]+)\}$/.exec(text)?.[1] ?? /^\$\{[\w.:~-]+,\s*["']?([^}"']+?)["']?\}$/.exec(text)?.[1] ?? null
}

/** Limits of the leaves that a rule fits; values a product would refuse become notes. */
export function limitsByPath(leaves: readonly YamlLeaf[], rules: readonly PathRule[], file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  // The same places come again and again in a long file: which rule fits one is looked up once.
  const known = new Map<string, PathRule | undefined>()
  const ruleFor = (path: string) => {
    const place = path.replaceAll(/\[\d+\]/g, '[0]')
    if (!known.has(place)) known.set(place, rules.find((candidate) => candidate.path.test(place)))
    return known.get(place)
  }
  return leaves.flatMap((leaf): DiagnosedLimit[] => {
    const path = pathText(leaf.path)
    const rule = ruleFor(path)
    if (!rule || leaf.value === null) return []
    const written = leaf.written === '' ? String(leaf.value) : leaf.written
    const known = rule.form === 'size' ? null : assumedOf(String(leaf.value))
    const ms = known === null ? null : valueMs(rule.form, known)
    const isUnknown = ms === null && /[${}]|^!/.test(written)
    if (ms !== null && known !== String(leaf.value)) notes.push(noteOf(file, leaf.line, `${path}: ${written}: ${known} unless it is set otherwise`))
    if (ms === null && rule.form !== 'size' && !rule.off?.test(written)) notes.push(noteOf(file, leaf.line, `${path}: ${written}: ${isUnknown ? 'filled in at deployment, its value is not known here' : `not a ${rule.form === 'whole-s' ? 'whole number of seconds, as' : 'duration'} ${rule.product} takes`}`))
    return [limitOf({
      layer: rule.layer, product: rule.product, directive: rule.directive ?? String(leaf.path.findLast((part) => typeof part === 'string') ?? path), valueMs: ms !== null && ms > 0 ? ms : null, asWritten: written, file, line: leaf.line,
      enforced: rule.form === 'size' || isUnknown || (ms !== null && ms > 0), attempts: rule.attempts?.(leaf, leaves) ?? 1, meaning: rule.meaning, cause: rule.cause, alsoCauses: rule.alsoCauses ?? [], counts: rule.counts, scope: pathText(leaf.path.slice(0, -1)) || null,
    })]
  })
}

export function valueMs(form: ValueForm, text: string): number | null {
  const bare = /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : null
  switch (form) {
    case 's': return bare === null ? msOf(parseSystemdTime(text)) : bare * 1000
    case 'whole-s': return bare === null ? null : bare * 1000
    case 'ms': return bare ?? msOf(parseGoDuration(text))
    case 'go': return bare === null ? msOf(parseGoDuration(text)) : bare / 1e6
    case 'go-seconds': return bare === null ? msOf(parseGoDuration(text)) : bare * 1000
    case 'proto': return msOf(parseProtoDuration(text))
    case 'nginx': return msOf(parseNginxTime(text.replaceAll('"', '')))
    case 'haproxy': return msOf(parseHaproxyTime(text))
    case 'systemd': return msOf(parseSystemdTime(text))
    case 'hms': return hms(text)
    case 'size': return null
  }
}

/** `00:05:00`, as .NET's TimeSpan is written. */
function hms(text: string): number | null {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/.exec(text.trim())
  return match ? ((Number(match[1] ?? 0) * 24 + Number(match[2])) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)) * 1000 : null
}
