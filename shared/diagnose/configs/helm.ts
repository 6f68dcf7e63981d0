import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, jsonOrWords } from './command-line.ts'
import { envLimits } from './env-values.ts'
import { asInManifest, isValuesName, valuesUsed } from './helm-values.ts'
import { kubernetesRules } from './kubernetes-rules.ts'
import { limitsByPath } from './path-rules.ts'
import { noteOf, type ConfigReader } from './reader.ts'
import { serviceLimit } from './service-config.ts'
import { traefikFlags } from './traefik.ts'
import { pathText, yamlLeaves, type YamlLeaf } from './yaml-lines.ts'

/** What charts made by `helm create`, and those of ingress controllers, have at their top level. */
const usual = /^(?:replicaCount|image|imagePullSecrets|nameOverride|fullnameOverride|serviceAccount|podAnnotations|podSecurityContext|securityContext|service|ingress|resources|autoscaling|nodeSelector|tolerations|affinity|controller|defaultBackend|livenessProbe|readinessProbe|global|ingress-nginx|traefik|additionalArguments|extraEnv\w*|env):/gm

/**
 * Values of a Helm chart. Well-known charts hand some of them on as they are: `controller.config` of ingress-nginx becomes its ConfigMap,
 * `annotations` an Ingress', `resources` and probes a container's. What a template among the files asks for is told there.
 */
export const helmValues: ConfigReader = {
  id: 'helm-values', kind: 'Helm values',
  recognises: ({ file, text }) => {
    if (/^(?:apiVersion|kind|services|version):/m.test(text)) return 0
    const found = new Set([...text.matchAll(usual)].slice(0, 60).map((match) => match[0])).size
    return isValuesName(file) && /^[\w-]+:/m.test(text) ? 0.96 : found >= 3 && /^(?:image|controller|ingress):\s*$/m.test(text) ? 0.8 : 0
  },
  read: (whole, others) => {
    const { file, text } = whole
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = yamlLeaves(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    const used = valuesUsed(others.filter((other) => other.file !== file))
    const own = leaves.filter((leaf) => !used.has(pathText(leaf.path)))
    const scopes = new Map(own.map((leaf) => [leaf.line, pathText(leaf.path.slice(0, -1)) || null]))
    const known = limitsByPath(own.map(asInManifest), kubernetesRules, file, notes).map((limit) => ({ ...limit, scope: scopes.get(limit.line ?? 0) ?? null }))
    const lines = new Set(known.map((limit) => limit.line))
    return { limits: [...known, ...words(own, file, notes), ...variables(own, file, notes), ...own.filter((leaf) => !lines.has(leaf.line) && !isVariable(leaf)).flatMap((leaf) => serviceLimit(leaf, file, notes))], notes }
  },
}

/** `args`, `command` and Traefik's `additionalArguments`. */
function words(leaves: readonly YamlLeaf[], file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const lists = new Map<string, { words: string[]; line: number; scope: string }>()
  const flags: DiagnosedLimit[] = []
  for (const leaf of leaves) {
    const key = leaf.path.at(-2)
    if (typeof leaf.path.at(-1) !== 'number' || !/^(?:args|command|extraArgs|additionalArguments)$/.test(String(key))) continue
    const scope = pathText(leaf.path.slice(0, -1))
    const list = lists.get(scope) ?? { words: [], line: leaf.line, scope }
    list.words.push(String(leaf.value))
    lists.set(scope, list)
    flags.push(...traefikFlags(String(leaf.value), file, leaf.line, scope))
  }
  return [...[...lists.values()].flatMap((list) => commandLimits(jsonOrWords(list.words), { file, line: list.line, scope: list.scope, notes })), ...flags]
}

function isVariable(leaf: YamlLeaf): boolean {
  return leaf.path.some((part) => /^(?:env|extraEnv\w*|envVars|environment)$/.test(String(part)))
}

/** `env:` as a mapping, or as Kubernetes has it: a list of `{ name, value }`. */
function variables(leaves: readonly YamlLeaf[], file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const names = new Map<string, string>()
  const around = (leaf: YamlLeaf) => pathText(leaf.path.slice(0, -1))
  for (const leaf of leaves) if (isVariable(leaf) && leaf.path.at(-1) === 'name') names.set(around(leaf), String(leaf.value))
  return leaves.filter(isVariable).flatMap((leaf) => {
    const name = names.get(around(leaf)) ?? String(leaf.path.at(-1))
    if (leaf.value === null || leaf.path.at(-1) === 'name') return []
    return envLimits(name, String(leaf.value), { file, line: leaf.line, scope: pathText(leaf.path.slice(0, -1)), notes })
  })
}
