import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { noteOf, type ConfigFile } from './reader.ts'
import { variableLimits, type Variable } from './variables.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

/** A ConfigMap or Secret among the files: what it holds by key. */
interface Store { kind: string; name: string; entries: Map<string, Variable> }

/** What the containers of a manifest find in their environment: `envFrom` in its order, then `env`, which holds against it. By the container's path. */
export function containerVariables(leaves: readonly YamlLeaf[], file: ConfigFile, others: readonly ConfigFile[], notes: DiagnosisNote[]): Map<string, Variable[]> {
  const asked = leaves.filter((leaf) => leaf.path.includes('env') || leaf.path.includes('envFrom'))
  if (asked.length === 0) return new Map()
  const stores = [file, ...others].flatMap(storesIn)
  const find = (kind: string, name: string) => stores.find((store) => store.kind === kind && store.name === name)
  const early = new Map<string, Variable[]>()
  const late = new Map<string, Variable[]>()
  const add = (to: Map<string, Variable[]>, container: string, some: readonly Variable[]) => to.set(container, [...(to.get(container) ?? []), ...some])
  const textOf = new Map(asked.map((leaf) => [placeOf(leaf, leaf.path), leaf]))
  for (const leaf of asked) {
    const at = leaf.path.findIndex((part) => part === 'env' || part === 'envFrom')
    const entry = leaf.path.slice(0, at + 2)
    const container = placeOf(leaf, leaf.path.slice(0, at))
    const rest = pathText(leaf.path.slice(at + 2))
    const source = /^(configMap|secret)Ref\.name$/.exec(rest)
    if (leaf.path[at] === 'envFrom' && source) {
      const prefix = String(textOf.get(placeOf(leaf, [...entry, 'prefix']))?.value ?? '')
      const store = find(source[1] === 'secret' ? 'Secret' : 'ConfigMap', String(leaf.value))
      if (store) add(early, container, [...store.entries.values()].map((variable) => ({ ...variable, name: `${prefix}${variable.name}` })))
      else if (textOf.get(placeOf(leaf, [...entry, `${source[1]}Ref`, 'optional']))?.value !== true) notes.push(noteOf(file.file, leaf.line, `${source[1]}Ref ${String(leaf.value)}: not among the given files; what it sets is missing`))
    }
    if (leaf.path[at] !== 'env') continue
    const name = String(textOf.get(placeOf(leaf, [...entry, 'name']))?.value ?? '')
    const key = /^valueFrom\.(configMap|secret)KeyRef\.key$/.exec(rest)
    if (rest === 'value' && leaf.value !== null) add(late, container, [{ name, value: String(leaf.value), file: file.file, line: leaf.line }])
    if (!key) continue
    const value = find(key[1] === 'secret' ? 'Secret' : 'ConfigMap', String(textOf.get(placeOf(leaf, [...leaf.path.slice(0, -1), 'name']))?.value ?? ''))?.entries.get(String(leaf.value))
    if (value) add(late, container, [{ ...value, name }])
  }
  return new Map([...new Set([...early.keys(), ...late.keys()])].map((container) => [container, [...(early.get(container) ?? []), ...(late.get(container) ?? [])]]))
}

/** Limits of those variables; and of ConfigMaps that no given manifest asks for, whose names are all that tells. */
export function environmentLimits(byContainer: ReadonlyMap<string, readonly Variable[]>, file: ConfigFile, others: readonly ConfigFile[], notes: DiagnosisNote[]): DiagnosedLimit[] {
  const loose = storesIn(file).filter((store) => store.kind === 'ConfigMap' && ![file, ...others].some((other) => asksFor(other, store.name)))
  return [...[...byContainer].flatMap(([container, list]) => variableLimits(list, container.split(' ')[1] ?? null, notes)), ...loose.flatMap((store) => variableLimits([...store.entries.values()].filter((variable) => /^[A-Z][A-Z0-9_]*$/.test(variable.name)), null, notes))]
}

/** `$(NAME)` in a command is filled in by Kubernetes from the container's own variables. */
export function withContainerVariables(text: string, variables: readonly Variable[]): string {
  return text.includes('$(') ? text.replaceAll(/(?<!\$)\$\(([A-Za-z_]\w{0,100})\)/g, (whole, name: string) => variables.findLast((variable) => variable.name === name)?.value ?? whole) : text
}

function asksFor(file: ConfigFile, name: string): boolean {
  return /(?:configMapRef|configMapKeyRef|configMap):/.test(file.text) && file.text.includes(name)
}

function placeOf(leaf: YamlLeaf, path: YamlLeaf['path']): string {
  return `${leaf.document} ${pathText(path)}`
}

/** Read once per file: every manifest asks for them. */
const known = new WeakMap<ConfigFile, Store[]>()

function storesIn(file: ConfigFile): Store[] {
  const before = known.get(file)
  if (before) return before
  const stores = /^kind:\s*["']?(?:ConfigMap|Secret)\b/m.test(file.text) ? readStores(file) : []
  known.set(file, stores)
  return stores
}

function readStores(file: ConfigFile): Store[] {
  return [...Map.groupBy(yamlLeaves(file.text).leaves, (leaf) => leaf.document).values()].flatMap((leaves) => {
    const at = (path: string) => String(leaves.find((leaf) => pathText(leaf.path) === path)?.value ?? '')
    const kind = at('kind')
    if (kind !== 'ConfigMap' && kind !== 'Secret') return []
    const entries = leaves.filter((leaf) => leaf.path.length === 2 && (leaf.path[0] === 'data' || leaf.path[0] === 'stringData') && leaf.value !== null).map((leaf): [string, Variable] => {
      const text = String(leaf.value)
      return [String(leaf.path[1]), { name: String(leaf.path[1]), value: kind === 'Secret' && leaf.path[0] === 'data' ? decoded(text) : text, file: file.file, line: leaf.line }]
    })
    return [{ kind, name: at('metadata.name'), entries: new Map(entries) }]
  })
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 of a short text; a certificate is no time to wait. */
function decoded(text: string): string {
  if (text.length > 200) return ''
  let bits = 0
  let held = 0
  let out = ''
  for (const letter of text.replace(/=+$/, '')) {
    held = ((held << 6) | Math.max(0, digits.indexOf(letter))) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out += String.fromCharCode((held >> bits) & 0xff)
    }
  }
  return out.trim()
}
