import * as v from 'valibot'
import type { CallArgs, CallError, CallName } from './contract.ts'
import { callSchemas } from './schemas.ts'

export type ParsedCall = { [C in CallName]: { ok: true; name: C; args: CallArgs<C> } }[CallName] | { ok: false; error: CallError }

/**
 * Checks what a screen sent, whatever it is: the name of a call of the contract, and its arguments.
 * Returns the arguments with nothing in them that the contract does not know, or an error that names the faulty argument.
 */
export function parseCall(name: unknown, args: unknown): ParsedCall {
  if (typeof name !== 'string' || !Object.hasOwn(callSchemas, name)) {
    return refused('unknown_call', `There is no call named ${shown(name)}.`, 'The screen and the engine may be of different versions: reload the window.', null)
  }
  const { names, schema } = callSchemas[name as CallName]
  if (!Array.isArray(args)) return refused('bad_arguments', `${name}: the arguments must be a list.`, null, name)
  if (args.length !== names.length) return refused('bad_arguments', `${name} takes ${names.length} argument${names.length === 1 ? '' : 's'}, not ${args.length}.`, null, name)
  const parsed = v.safeParse(schema as v.GenericSchema, args, { abortEarly: true })
  if (parsed.success) return { ok: true, name, args: parsed.output } as ParsedCall
  const issue = parsed.issues[0]
  const where = placeOf(issue.path ?? [], names)
  return refused('bad_arguments', `${name}: ${where} was refused: ${reasonOf(issue)}.`, null, where)
}

function refused(code: string, message: string, hint: string | null, where: string | null): ParsedCall {
  return { ok: false, error: { code, message, hint, where } }
}

/** `[0, 'limits', 2, 'value']` of `startRun` -> `plan.limits[2].value`. */
function placeOf(path: readonly { key?: unknown }[], names: readonly string[]): string {
  return path.map(({ key }, depth) => {
    if (depth === 0) return names[Number(key)] ?? `argument ${Number(key) + 1}`
    return typeof key === 'number' ? `[${key}]` : `.${String(key)}`
  }).join('').slice(0, 200)
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  switch (issue.kind) {
    case 'schema': return issue.type === 'custom' ? issue.message : `expected ${clipped(issue.expected ?? 'another type')}, received ${clipped(issue.received)}`
    default: return issue.type === 'max_length' ? `it is longer than ${String(issue.requirement)}` : clipped(issue.message)
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${clipped(value)}"` : typeof value
}

function clipped(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}...` : text
}

