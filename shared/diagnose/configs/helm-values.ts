import type { DiagnosisNote } from '../diagnosis.ts'
import { noteOf, baseName, type ConfigFile } from './reader.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

/** A value that a chart's template may ask for, and where it is written. */
interface ChartValue { value: string; file: string; line: number }

const valuesName = /^values(?:[.\-_][\w.-]+)?\.ya?ml$/i

export function isValuesName(file: string): boolean {
  return valuesName.test(baseName(file))
}

/** `.Values.a.b` in the actions of a template. */
const reference = /\.Values\.([A-Za-z_][\w.]{0,200})/g

/** Paths that templates among these files ask values for: what they set is told where it is used. */
export function valuesUsed(files: readonly ConfigFile[]): Set<string> {
  const used = new Set<string>()
  for (const file of files) if (file.text.includes('{{')) for (const match of file.text.matchAll(reference)) used.add(match[1] ?? '')
  return used
}

/** The folder of a chart that a template of it stands in; its own folder where there is no `templates`. */
function chartFolder(file: string): string {
  const parts = file.split(/[/\\]/).slice(0, -1)
  const at = parts.lastIndexOf('templates')
  return (at >= 0 ? parts.slice(0, at) : parts).join('/')
}

/** Values for a template: its chart's `values.yaml`, else the only one there is; then the other files of values, which are given with `-f` and hold against it. */
function valuesFor(template: string, others: readonly ConfigFile[]): ConfigFile[] {
  const all = others.filter((other) => isValuesName(other.file))
  const isOwn = (other: ConfigFile) => /^values\.ya?ml$/i.test(baseName(other.file))
  const here = all.filter((other) => chartFolder(other.file) === chartFolder(template))
  const base = here.find(isOwn) ?? (all.filter(isOwn).length === 1 ? all.find(isOwn) : undefined)
  return [...(base ? [base] : []), ...all.filter((other) => !isOwn(other)).toSorted((a, b) => (a.file < b.file ? -1 : 1))]
}

/** What is set of a chart: by path the files that set it, in the order Helm reads them. */
function chartValues(template: string, others: readonly ConfigFile[]): Map<string, ChartValue[]> {
  const values = new Map<string, ChartValue[]>()
  for (const file of valuesFor(template, others)) {
    for (const leaf of yamlLeaves(file.text).leaves) {
      if (leaf.value === null) continue
      const path = pathText(leaf.path)
      values.set(path, [...(values.get(path) ?? []), { value: String(leaf.value), file: file.file, line: leaf.line }])
    }
  }
  return values
}

/** A template with the values filled in that are known, and by line what was filled in. */
export interface FilledTemplate { text: string; filled: Map<number, string[]> }

/** Fills `{{ .Values.x }}` of a Helm template, with `quote`, `int`, `default` and the like; everything else stays as it is. Lines keep their numbers. */
export function filledTemplate(file: ConfigFile, others: readonly ConfigFile[]): FilledTemplate {
  const filled = new Map<number, string[]>()
  if (!file.text.includes('{{') || !others.some((other) => isValuesName(other.file))) return { text: file.text, filled }
  const values = chartValues(file.file, others)
  const text = file.text.split('\n').map((line, index) => line.replaceAll(/\{\{-?\s*([^{}]{1,500}?)\s*-?\}\}/g, (action, expression: string) => {
    const given = valueOf(expression, values)
    if (given === null) return action
    filled.set(index + 1, [...(filled.get(index + 1) ?? []), `${action} ${given.words}`])
    return given.text
  })).join('\n')
  return { text, filled }
}

/** Of an expression that is one value with functions that only change how it is written. */
function valueOf(expression: string, values: ReadonlyMap<string, readonly ChartValue[]>): { text: string; words: string } | null {
  const bare = expression.replaceAll(/\b(?:quote|squote|int|int64|toString|trim|float64)\b/g, ' ')
  const path = /^[\s|()]*(?:default\s+("[^"]*"|\S+)\s+)?\$?\.Values\.([A-Za-z_][\w.]*)[\s|()]*(?:default\s+("[^"]*"|[^\s|()]+)[\s|()]*)?$/.exec(bare)
  if (!path) return null
  const set = values.get(path[2] ?? '') ?? []
  const last = set.at(-1)
  const fallback = (path[1] ?? path[3])?.replaceAll('"', '')
  const isQuoted = /\bs?quote\b/.test(expression)
  const written = (value: string) => (isQuoted ? JSON.stringify(value) : value)
  // An empty value and 0 are none to `default`.
  if (last && !(fallback !== undefined && /^(?:|0|false)$/.test(last.value))) return { text: written(last.value), words: `is ${last.value} (${last.file}:${last.line})${otherwise(set)}` }
  return fallback === undefined || /[$.]Values/.test(fallback) || set.length > 0 && last === undefined ? null : { text: written(fallback), words: `is ${fallback} where nothing sets it` }
}

function otherwise(set: readonly ChartValue[]): string {
  const others = set.slice(0, -1).filter((value) => value.value !== set.at(-1)?.value)
  return others.length === 0 ? '' : `; ${others.map((value) => `${value.file}:${value.line} says ${value.value}`).join(', ')}`
}

/** Notes of what was filled in, for the lines that limits stand in. */
export function filledNotes(file: string, filled: ReadonlyMap<number, readonly string[]>, lines: ReadonlySet<number | null>): DiagnosisNote[] {
  return [...filled].filter(([line]) => lines.has(line)).flatMap(([line, words]) => words.map((text) => noteOf(file, line, text)))
}

/** A leaf of values as the manifest has it that the chart makes of it. */
export function asInManifest(leaf: YamlLeaf): YamlLeaf {
  const at = leaf.path.findLastIndex((part) => part === 'config' || part === 'annotations')
  const last = leaf.path.at(-1)
  if (at >= 1 && at === leaf.path.length - 2 && typeof last === 'string') return { ...leaf, path: leaf.path[at] === 'config' ? ['data', last] : ['metadata', 'annotations', last] }
  return { ...leaf, path: ['values', ...leaf.path] }
}
