import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { shellDefault } from './command-line.ts'
import { leavesOf } from './json-lines.ts'
import { baseName, limitOf, noteOf, type ConfigReader } from './reader.ts'
import { kindOfName, serviceDuration } from './service-names.ts'
import { tomlLeaves } from './toml-lines.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const timeoutKey = /timeout|deadline|grace_?period|max_?duration|time_?limit|keep_?alive/i

/** A service's own config.yaml, .json or .toml: any key with "timeout" in it. Bare numbers are the trap: 30 may be ns, ms or s. */
export const serviceConfig: ConfigReader = {
  id: 'service-config', kind: 'service configuration',
  recognises: ({ file, text }) => {
    const keyed = /^[ \t]*["']?[\w.-]{0,80}(?:timeout|deadline)[\w.-]{0,80}["']?\s*[:=]\s*["']?[\d$]/im.test(text) || (isOneObject(text) && /["'][\w.-]{0,80}(?:timeout|deadline)[\w.-]{0,80}["']\s*:\s*["']?\d/i.test(text)) || /^[ \t]*[\w.-]{1,80}:[ \t]*\{[^\n]{0,500}(?:timeout|deadline)[\w.-]{0,80}["']?[ \t]*:[ \t]*["']?\d/im.test(text)
    if (isProperties(text)) return keyed ? (/\.properties$/i.test(baseName(file)) ? 0.8 : 0.6) : 0
    const name = /\.(?:ya?ml|json|toml)$/i.test(baseName(file))
    if (!name && !isMostlyKeys(text)) return 0
    if (!keyed || /[;]\s*$/m.test(text) || /^[ \t]*(?:func|def|import|package|const|let|var|class)\s/m.test(text)) return 0
    const shape = /^\s*\{/.test(text) || /^[ \t]*\[[\w."-]+\]\s*$/m.test(text) || /^[ \t]*[\w.-]+:\s*\S*\s*$/m.test(text)
    return shape ? (name ? 0.7 : 0.55) : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = readLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    return { limits: leaves.flatMap((leaf) => serviceLimit(leaf, file, notes)), notes }
  },
}

/** A file without a telling name is a configuration where most of its lines are settings: a log has single ones. */
function isMostlyKeys(text: string): boolean {
  const lines = text.slice(0, 65_536).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^[#;]|^\/\//.test(line)).slice(0, 300)
  return lines.filter((line) => /^(?:- *)?["']?[\w.$-]{1,80}["']?\s*[:=]|^[[\]{}(),]+$|^\[[\w."-]+\]$|^- *\S+$|^---$/.test(line)).length >= lines.length * 0.7
}

/** One JSON object, not a log with one per line. */
function isOneObject(text: string): boolean {
  return /^\s*\{/.test(text) && !/\}\s*\n\s*\{/.test(text) && !/["'](?:msg|message|level|severity|ts|time|@?timestamp)["']\s*:/.test(text)
}

/** Java's properties: `spring.mvc.async.request-timeout=30000`, dots in most names, values without quotes. */
function isProperties(text: string): boolean {
  const lines = text.slice(0, 65_536).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^[#!]/.test(line)).slice(0, 200)
  const own = lines.filter((line) => /^[a-z][\w-]*(?:\.[\w[\]-]+)+\s*=/i.test(line) && !/=\s*["']/.test(line)).length
  return lines.length > 0 && own >= lines.length * 0.8
}

function propertyLeaves(text: string): YamlLeaf[] {
  return text.split('\n').flatMap((line, index) => {
    const match = /^\s*([A-Za-z][\w.[\]-]{0,200})\s*=\s*(.*?)\s*$/.exec(line.slice(0, 4096))
    return match ? [{ document: 0, path: (match[1] ?? '').split('.'), value: /^\d+$/.test(match[2] ?? '') ? Number(match[2]) : match[2] ?? '', line: index + 1, written: match[2] ?? '' }] : []
  })
}

function readLeaves(text: string): { leaves: YamlLeaf[]; problems: { line: number; text: string }[] } {
  if (isProperties(text)) return { leaves: propertyLeaves(text), problems: [] }
  if (/^\s*\{/.test(text)) {
    const { leaves, problems } = leavesOf(text)
    return { problems, leaves: leaves.map((leaf) => ({ document: 0, path: leaf.path, line: leaf.line, written: String(leaf.value), value: typeof leaf.value === 'string' || typeof leaf.value === 'number' || typeof leaf.value === 'boolean' ? leaf.value : null })) }
  }
  return /^[ \t]*\[[\w."-]+\]\s*$/m.test(text) || /^[\w.-]+\s*=\s*\S/m.test(text) ? tomlLeaves(text) : yamlLeaves(text)
}

/** What a leaf says of a time to wait, going by its name: no product reads it. */
export function serviceLimit(leaf: YamlLeaf, file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const key = String(leaf.path.findLast((part) => typeof part === 'string') ?? '')
  if (!timeoutKey.test(pathText(leaf.path.slice(-2))) || leaf.value === null || typeof leaf.value === 'boolean') return []
  const path = pathText(leaf.path)
  const value = typeof leaf.value === 'string' ? shellDefault(leaf.value) : leaf.value
  if (value === null) {
    notes.push(noteOf(file, leaf.line, `${path}: ${leaf.written}: filled in from outside, its value is not known here`))
    return []
  }
  const kind = kindOfName(path)
  const duration = serviceDuration(kind.product && typeof value === 'number' ? `${key}_ms` : key, value)
  if (duration === null) {
    // `timeout_message: too slow` is none; what looks like one, or is called exactly that, should have been.
    if (/^[-\d]/.test(leaf.written) || /timeout$|deadline$/i.test(key)) notes.push(noteOf(file, leaf.line, `${path}: ${leaf.written}: not a duration`))
    return []
  }
  if (value !== leaf.value) notes.push(noteOf(file, leaf.line, `${path}: ${leaf.written}: ${value} unless the environment says otherwise`))
  return [limitOf({ layer: kind.layer, product: kind.product ?? 'service', directive: path, valueMs: duration.ms > 0 ? duration.ms : null, asWritten: leaf.written, file, line: leaf.line, enforced: duration.ms > 0, meaning: duration.doubt ? `${kind.meaning} ${duration.doubt}` : kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts })]
}
