import type { DiagnosedLimit } from '../diagnosis.ts'
import { baseName, type ConfigFile } from './reader.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

/** What whoever starts an image says instead of it: `command` and `entrypoint` with their place, and variables by name. */
interface Start { file: string; cmd: string | null; entrypoint: string | null; variables: ReadonlyMap<string, string> }

/**
 * A Dockerfile's CMD, ENTRYPOINT and ENV hold until whoever starts the image says otherwise: Compose (`command`, `entrypoint`,
 * `environment`), Kubernetes (`args`, `command`, `env`). Followed where it is plain which image is started; what every start replaces is
 * not in force.
 */
export function withContainerPrecedence(limits: readonly DiagnosedLimit[], files: readonly ConfigFile[]): DiagnosedLimit[] {
  const images = files.filter((file) => isDockerfile(file.file) && limits.some((limit) => limit.file === file.file))
  if (images.length === 0) return [...limits]
  const started = new Map(images.map((image) => [image.file, startsOf(image, images, files)]))
  const lines = new Map(images.map((image) => [image.file, instructionsOf(image.text)]))
  return limits.map((limit) => {
    const starts = started.get(limit.file) ?? []
    const instruction = lines.get(limit.file)?.(limit.line)
    if (starts.length === 0 || !instruction) return limit
    const places = starts.map((start) => replacedAt(instruction, limit, start))
    return places.every((place) => place !== null) ? { ...limit, enforced: false, meaning: `${limit.meaning} Replaced where it is started (${places[0]}).` } : limit
  })
}

/** `docker-compose.override.yml` is laid over `docker-compose.yml` where it stands beside it: what both say holds as it says. */
export function withComposeOverrides(limits: readonly DiagnosedLimit[], files: readonly ConfigFile[]): DiagnosedLimit[] {
  const pairs = files.flatMap((over) => {
    const name = /^(.*)\.override(\.ya?ml)$/.exec(over.file)
    const base = name ? files.find((file) => file.file === `${name[1]}${name[2]}`) : undefined
    return base ? [{ base, over }] : []
  })
  const replaced = new Map(pairs.map(({ base, over }) => {
    const set = new Map(yamlLeaves(over.text).leaves.map((leaf) => [settingOf(leaf), leaf.line]))
    return [base.file, new Map(yamlLeaves(base.text).leaves.flatMap((leaf) => (set.has(settingOf(leaf)) ? [[leaf.line, `${over.file}:${set.get(settingOf(leaf))}`] as const] : [])))] as const
  }))
  return limits.map((limit) => {
    const place = limit.line === null ? undefined : replaced.get(limit.file)?.get(limit.line)
    return place === undefined ? limit : { ...limit, enforced: false, meaning: `${limit.meaning} Set again in ${place}.` }
  })
}

/** What is replaced as a whole: a command with all its words, a variable by its name. */
function settingOf(leaf: YamlLeaf): string {
  const [root, service, section, key] = leaf.path
  if (root !== 'services' || section === undefined) return pathText(leaf.path)
  if (section === 'command' || section === 'entrypoint') return `${String(service)} ${section}`
  if (section === 'environment') return `${String(service)} environment ${typeof key === 'string' ? key : String(leaf.value).split('=')[0]}`
  return pathText(leaf.path)
}

export function isDockerfile(file: string): boolean {
  return /^(?:Dockerfile|Containerfile)\b|\.Dockerfile$/i.test(baseName(file))
}

function replacedAt(instruction: string, limit: DiagnosedLimit, start: Start): string | null {
  switch (instruction) {
    case 'CMD': return start.cmd ?? start.entrypoint
    case 'ENTRYPOINT': return start.entrypoint
    case 'ENV': return [...start.variables].find(([name]) => name === limit.directive || limit.scope?.split(', ').includes(name))?.[1] ?? null
    default: return null
  }
}

/** The instruction that a line belongs to. */
function instructionsOf(text: string): (line: number | null) => string | undefined {
  const starts = text.split('\n').map((line) => /^\s*(CMD|ENTRYPOINT|ENV|RUN|HEALTHCHECK)\b/i.exec(line)?.[1]?.toUpperCase())
  return (line) => (line === null ? undefined : starts[line - 1])
}

function startsOf(image: ConfigFile, images: readonly ConfigFile[], files: readonly ConfigFile[]): Start[] {
  return files.flatMap((file) => {
    if (/^services:\s*$/m.test(file.text)) return composeStarts(file, image, images)
    return images.length === 1 && /^kind:\s*\w/m.test(file.text) && /\bcontainers:/.test(file.text) ? podStarts(file) : []
  })
}

function composeStarts(file: ConfigFile, image: ConfigFile, images: readonly ConfigFile[]): Start[] {
  const services = Map.groupBy(yamlLeaves(file.text).leaves.filter((leaf) => leaf.path[0] === 'services' && leaf.path.length > 2), (leaf) => String(leaf.path[1]))
  const placeOf = (leaf: YamlLeaf | undefined) => (leaf ? `${file.file}:${leaf.line}` : null)
  return [...services.values()].flatMap((leaves): Start[] => {
    const textAt = (...path: string[]) => String(leaves.find((leaf) => pathText(leaf.path.slice(2)) === path.join('.'))?.value ?? '')
    const context = textAt('build') || textAt('build', 'context')
    if (!context && !leaves.some((leaf) => leaf.path[2] === 'build')) return []
    const wanted = joined(file.file, context || '.', textAt('build', 'dockerfile') || 'Dockerfile')
    if (image.file !== wanted && images.length > 1) return []
    const variables = leaves.filter((leaf) => leaf.path[2] === 'environment').map((leaf): [string, string] => [typeof leaf.path[3] === 'string' ? leaf.path[3] : String(leaf.value).split('=')[0] ?? '', `${file.file}:${leaf.line}`])
    return [{ file: file.file, cmd: placeOf(leaves.find((leaf) => leaf.path[2] === 'command')), entrypoint: placeOf(leaves.find((leaf) => leaf.path[2] === 'entrypoint')), variables: new Map(variables) }]
  })
}

/** The one container of a manifest; with several nobody says which of them the image is. */
function podStarts(file: ConfigFile): Start[] {
  const leaves = yamlLeaves(file.text).leaves.filter((leaf) => leaf.path.includes('containers') && !leaf.path.includes('exec'))
  const containers = new Set(leaves.map((leaf) => `${leaf.document} ${pathText(leaf.path.slice(0, leaf.path.indexOf('containers') + 2))}`))
  if (containers.size !== 1) return []
  const own = (leaf: YamlLeaf) => leaf.path[leaf.path.indexOf('containers') + 2]
  const placeOf = (name: string) => {
    const leaf = leaves.find((candidate) => own(candidate) === name)
    return leaf ? `${file.file}:${leaf.line}` : null
  }
  const variables = leaves.filter((leaf) => own(leaf) === 'env' && leaf.path.at(-1) === 'name').map((leaf): [string, string] => [String(leaf.value), `${file.file}:${leaf.line}`])
  return [{ file: file.file, cmd: placeOf('args'), entrypoint: placeOf('command'), variables: new Map(variables) }]
}

/** `./web` beside `deploy/compose.yml` is `deploy/web`. */
function joined(beside: string, ...parts: readonly string[]): string {
  const path: string[] = beside.split(/[/\\]/).slice(0, -1)
  for (const part of parts.flatMap((text) => text.split('/'))) {
    if (part === '..') path.pop()
    else if (part !== '.' && part !== '') path.push(part)
  }
  return path.join('/')
}
