import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { envLimits } from './env-values.ts'
import { joinedLines } from './env-lines.ts'
import { baseName, noteOf, type ConfigFile } from './reader.ts'

/** An environment variable, and where it is set. */
export interface Variable { name: string; value: string; file: string; line: number }

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,100})=(.*)$/

/** The variables an environment file sets, in their order. */
export function variablesIn({ file, text }: ConfigFile): Variable[] {
  return joinedLines(text).flatMap(({ text: line, line: number }) => {
    const match = assignment.exec(line)
    if (!match) return []
    const raw = (match[2] ?? '').trim()
    const quoted = /^(["'])([\s\S]*?)\1/.exec(raw)
    return [{ name: match[1] ?? '', value: quoted ? quoted[2] ?? '' : raw.replace(/\s+#.*$/, ''), file, line: number }]
  })
}

/** Limits that variables set for a service. They come in the order they are read: of one name the last holds. */
export function variableLimits(variables: readonly Variable[], scope: string | null, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const last = new Map(variables.map((variable) => [variable.name, variable]))
  return variables.flatMap((variable) => {
    const holds = last.get(variable.name)
    const limits = envLimits(variable.name, variable.value, { file: variable.file, line: variable.line, scope, notes })
    return holds === variable || holds === undefined ? limits : limits.map((limit) => ({ ...limit, enforced: false, meaning: `${limit.meaning} Set again in ${holds.file}:${holds.line}.` }))
  })
}

/**
 * A text with the variables filled in that are known: `$NAME`, `${NAME}`, and `${NAME:-x}`. Others stay as they are. A note at the text's
 * place tells what was filled in.
 */
export function withVariables(text: string, variables: readonly Variable[], at: { file: string; line: number }, notes: DiagnosisNote[]): string {
  if (variables.length === 0 || !text.includes('$')) return text
  const last = new Map(variables.map((variable) => [variable.name, variable]))
  return text.replaceAll(/(?<!\$)\$(?:\{(\w{1,100})(?::?[-?][^}]*)?\}|(\w{1,100}))/g, (whole, braced: string | undefined, bare: string | undefined) => {
    const variable = last.get(braced ?? bare ?? '')
    if (!variable) return whole
    notes.push(noteOf(at.file, at.line, `${whole.slice(0, 120)} is ${variable.value.slice(0, 120)} (${variable.file}:${variable.line})`))
    return variable.value
  })
}

/** The `.env` in a file's own folder. */
export function dotEnvBeside(file: string, others: readonly ConfigFile[]): ConfigFile[] {
  const folder = file.slice(0, file.length - baseName(file).length)
  return others.filter((other) => other.file === `${folder}.env`)
}
