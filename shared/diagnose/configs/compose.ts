import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, jsonOrWords } from './command-line.ts'
import { includedFiles } from './includes.ts'
import { limitsByPath, type PathRule } from './path-rules.ts'
import { baseName, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'
import { traefikFlags } from './traefik.ts'
import { dotEnvBeside, variableLimits, variablesIn, withVariables, type Variable } from './variables.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

const rules: readonly PathRule[] = [
  { path: /^services\.[^.]+\.stop_grace_period$/, product: 'Docker', layer: 'platform', cause: 'gateway.stopped', counts: 'stop', form: 'go-seconds', meaning: 'After a stop, SIGKILL when it passes (10 s by default).' },
  { path: /^services\.[^.]+\.healthcheck\.timeout$/, product: 'Docker', directive: 'healthcheck.timeout', layer: 'platform', cause: null, alsoCauses: ['gateway.stopped'], counts: 'check', form: 'go-seconds', meaning: 'For a health check to be answered (30 s by default).' },
  ...(['mem_limit', 'deploy.resources.limits.memory'] as const).map((directive): PathRule => ({ path: new RegExp(String.raw`^services\.[^.]+\.${directive.replaceAll('.', String.raw`\.`)}$`), product: 'Docker', directive, layer: 'os', cause: 'os.oom_kill', counts: 'size', form: 'size', meaning: 'The container’s memory limit.' })),
  { path: /^services\.[^.]+\.(?:cpus|deploy\.resources\.limits\.cpus)$/, product: 'Docker', directive: 'cpus', layer: 'os', cause: null, counts: 'other', form: 'size', meaning: 'CPU quota: throttles, and cuts nothing by itself.' },
  { path: /^services\.[^.]+\.pids_limit$/, product: 'Docker', layer: 'os', cause: 'os.processes', counts: 'size', form: 'size', meaning: 'Processes of the container.' },
  { path: /^services\.[^.]+\.ulimits\.nofile(?:\.(?:soft|hard))?$/, product: 'Docker', directive: 'ulimits.nofile', layer: 'os', cause: 'os.open_files', counts: 'size', form: 'size', meaning: 'Open descriptors of one process.' },
  { path: /^services\.[^.]+\.(?:deploy\.resources\.limits\.pids)$/, product: 'Docker', directive: 'deploy.resources.limits.pids', layer: 'os', cause: 'os.processes', counts: 'size', form: 'size', meaning: 'Processes of the container.' },
  { path: /^services\.[^.]+\.ulimits\.nproc(?:\.(?:soft|hard))?$/, product: 'Docker', directive: 'ulimits.nproc', layer: 'os', cause: 'os.processes', counts: 'size', form: 'size', meaning: 'Processes of the user.' },
]

/** docker-compose files: limits of services, and the commands they run. */
export const composeConfig: ConfigReader = {
  id: 'compose', kind: 'docker-compose file',
  recognises: ({ file, text }) => /^services:\s*$/m.test(text) && /^[ \t]+(?:image|build|command|ports|environment|depends_on):/m.test(text) ? (/compose/i.test(baseName(file)) ? 0.98 : 0.9) : 0,
  includes: ({ file, text }, others) => (/^\s*env_file:/m.test(text) ? envFiles(yamlLeaves(text).leaves).flatMap((entry) => includedFiles(entry.path, others.filter((other) => other.file !== file))).map((other) => other.file) : []),
  read: ({ file, text }, others) => {
    const notes: DiagnosisNote[] = []
    const { leaves: written, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    // The `.env` beside the file fills in what the file refers to; containers get it only by `env_file`.
    const known = dotEnvBeside(file, others).flatMap(variablesIn)
    const leaves = written.map((leaf) => (typeof leaf.value === 'string' && leaf.value.includes('$') ? { ...leaf, value: withVariables(leaf.value, known, { file, line: leaf.line }, notes) } : leaf))
    return { limits: [...limitsByPath(leaves, rules, file, notes), ...commands(leaves).flatMap((entry) => commandLimits(entry.text, { file, line: entry.line, scope: entry.service, notes })), ...variables(leaves, { file, text }, others, notes), ...flags(leaves, file)], notes }
  },
}

/** What services find in their environment: `env_file` in its order, then `environment`, which holds against it (Compose specification). */
function variables(leaves: readonly YamlLeaf[], { file }: ConfigFile, others: readonly ConfigFile[], notes: DiagnosisNote[]): DiagnosedLimit[] {
  const services = new Map<string, Variable[]>()
  const add = (service: string, some: readonly Variable[]) => services.set(service, [...(services.get(service) ?? []), ...some])
  for (const entry of envFiles(leaves)) {
    const found = includedFiles(entry.path, others.filter((other) => other.file !== file))
    if (found.length === 0 && entry.isRequired) notes.push(noteOf(file, entry.line, `env_file ${entry.path}: not among the given files; what it sets is missing`))
    add(entry.service, found.flatMap(variablesIn))
  }
  for (const leaf of leaves) if (leaf.path[0] === 'services' && leaf.path[2] === 'environment') add(String(leaf.path[1]), environmentEntry(leaf, file))
  return [...services].flatMap(([service, list]) => variableLimits(list, service, notes))
}

/** `environment:` as a mapping or as a list of `NAME=value`. */
function environmentEntry(leaf: YamlLeaf, file: string): Variable[] {
  if (leaf.path.length !== 4 || leaf.value === null) return []
  const [, name = '', value = ''] = typeof leaf.path[3] === 'number' ? /^([A-Za-z_]\w*)=(.*)$/s.exec(String(leaf.value)) ?? [] : ['', String(leaf.path[3]), String(leaf.value)]
  return [{ name, value, file, line: leaf.line }]
}

/** `env_file: a.env`, a list of them, or of `{ path, required }`. */
function envFiles(leaves: readonly YamlLeaf[]): { service: string; path: string; line: number; isRequired: boolean }[] {
  const optional = new Set(leaves.filter((leaf) => leaf.path[2] === 'env_file' && leaf.path.at(-1) === 'required' && leaf.value === false).map((leaf) => pathText(leaf.path.slice(0, -1))))
  return leaves.flatMap((leaf) => {
    if (leaf.path[0] !== 'services' || leaf.path[2] !== 'env_file' || typeof leaf.value !== 'string') return []
    const last = leaf.path.at(-1)
    if (last !== 'env_file' && typeof last !== 'number' && last !== 'path') return []
    return [{ service: String(leaf.path[1]), path: leaf.value, line: leaf.line, isRequired: !optional.has(pathText(leaf.path.slice(0, -1))) }]
  })
}

/** Traefik's flags in a command, and its settings in labels. */
function flags(leaves: readonly YamlLeaf[], file: string): DiagnosedLimit[] {
  return leaves.flatMap((leaf) => {
    const [root, service, section, key] = leaf.path
    if (root !== 'services' || !['labels', 'command'].includes(String(section))) return []
    const text = section === 'labels' && typeof key === 'string' ? `${key}=${String(leaf.value)}` : String(leaf.value)
    return traefikFlags(text, file, leaf.line, String(service))
  })
}

function commands(leaves: readonly YamlLeaf[]): { text: string; line: number; service: string }[] {
  const lists = new Map<string, { words: string[]; line: number; service: string; whole: boolean }>()
  for (const leaf of leaves) {
    if (leaf.path[0] !== 'services' || !['command', 'entrypoint'].includes(String(leaf.path[2]))) continue
    const service = String(leaf.path[1])
    const key = `${service}.${String(leaf.path[2])}`
    const entry = lists.get(key) ?? { words: [], line: leaf.line, service, whole: leaf.path.length === 3 }
    entry.words.push(String(leaf.value))
    lists.set(key, entry)
  }
  return [...lists.values()].map((entry) => ({ text: entry.whole ? entry.words.join(' ') : jsonOrWords(entry.words), line: entry.line, service: entry.service }))
}
