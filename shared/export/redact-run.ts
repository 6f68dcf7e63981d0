import type { EventOf, RunEvent } from '../run/event.ts'
import type { SavedRun } from '../run/record.ts'
import { scriptTextIn } from '../run/script-text.ts'
import type { Exporter } from './exporter.ts'
import { withoutKeyLines } from './private-key-lines.ts'
import { redacted, redactText } from './redact-text.ts'
import { isSecretName } from './secret-names.ts'
import { isStructuralWord } from './structural-words.ts'

/** Shorter values are too likely to be part of something else. */
const shortestKnown = 6
/** From this length on a value is looked for inside of words, too. */
const shortestInside = 12
/** More than any input has; the rest is still found by name and by shape. */
const mostKnown = 500

/**
 * A saved run without its secrets: values of fields and variables that are named like secrets, headers, credentials in URLs,
 * tokens known by their shape, wherever they stand, and every other place where one of those values stands again.
 * Local variables of stacks are left out altogether, and lines of the log that nobody is going to write (`log`) are emptied.
 */
export function redactRun(run: SavedRun, log: Exporter['log'] = 'all'): SavedRun {
  const known = new Set<string>()
  collectSecrets(run.record.plan.input, known)
  collectSecrets(run.record.output, known)
  for (const text of scriptTextsOf(run)) collectFromText(text, known)
  const withoutKeys = withoutKeyLines()
  const clean = cleanerOf([...known].flatMap(asWritten).filter((value) => value.length >= shortestKnown && !isStructuralWord(value)).slice(0, mostKnown))
  return {
    ...run,
    record: redactValue(run.record, clean),
    events: run.events.map((event) => (event.type === 'stack_samples' ? redactSamples(event, clean) : redactValue(withoutLocals(event), clean))),
    log: run.log.map(withoutKeys).map((line, number) => (isWritten(number, run.log.length, log) ? clean(line) : '')),
    redacted: true,
  }
}

/** Values that stand under a secret name. */
function collectSecrets(value: unknown, known: Set<string>, isSecret = false): void {
  if (typeof value === 'string') {
    if (isSecret) known.add(value)
  } else if (Array.isArray(value)) {
    for (const item of value) collectSecrets(item, known, isSecret)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) collectSecrets(item, known, isSecret || isSecretName(name) || (name === 'value' && isNamedSecret(value)))
  }
}

/** `{ name: 'Cookie', value: 'sid=1' }`: the value of one that is named like a secret. */
function isNamedSecret(value: object): boolean {
  const { name, key, header } = value as Record<string, unknown>
  return [name, key, header].some((word) => typeof word === 'string' && isSecretName(word))
}

/** A value, and as it stands in an address. */
function asWritten(value: string): string[] {
  // Half of a pair of surrogates cannot be written in an address.
  return value.isWellFormed() ? [...new Set([value, encodeURIComponent(value)])] : [value]
}

function isWritten(line: number, count: number, log: Exporter['log']): boolean {
  return log === 'all' || (log !== undefined && (line < log.head || line >= count - log.tail))
}

/** What a run carries of the script's own text, and what it printed. */
function* scriptTextsOf(run: SavedRun): Iterable<string> {
  yield scriptTextIn(run.events) ?? ''
  for (const line of run.record.stacks?.lines ?? []) yield line.source ?? ''
  for (const event of run.events) if (event.type === 'script_error') yield `${event.error.traceback}\n${event.error.detail ?? ''}`
  yield* run.log
}

/** Quoted texts that a script assigns to a secret name. */
function collectFromText(text: string, known: Set<string>): void {
  for (const match of text.matchAll(/([A-Za-z_][\w.-]{0,80})["']?\]?\s*[=:]\s*["']([^"'\n]+)["']/g)) {
    if (isSecretName(match[1] ?? '') && match[2] !== undefined) known.add(match[2])
  }
}

/** Redacts one text: known values first, then what can be told by name or shape. */
function cleanerOf(known: readonly string[]): (text: string) => string {
  if (known.length === 0) return redactText
  const pattern = new RegExp(known.toSorted((a, b) => b.length - a.length).map(patternOf).join('|'), 'g')
  return (text) => redactText(text.replaceAll(pattern, redacted))
}

/** A short value counts only as a word of its own: it may be a part of others. */
function patternOf(value: string): string {
  const literal = value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  if (value.length >= shortestInside) return literal
  return `${/^[\w]/.test(value) ? '(?<![A-Za-z0-9])' : ''}${literal}${/[\w]$/.test(value) ? '(?![A-Za-z0-9])' : ''}`
}

/** The same shape with every text redacted. Under a secret name every text and number goes. */
function redactValue<T>(value: T, clean: (text: string) => string, isSecret = false): T {
  return redactUnknown(value, clean, isSecret) as T
}

function redactUnknown(value: unknown, clean: (text: string) => string, isSecret: boolean): unknown {
  if (typeof value === 'string') return isSecret && value !== '' ? redacted : clean(value)
  if (typeof value === 'number') return isSecret ? redacted : value
  if (Array.isArray(value)) return value.map((item: unknown) => redactUnknown(item, clean, isSecret))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]: [string, unknown]) => [name, redactUnknown(item, clean, isSecret || isSecretName(name) || (name === 'value' && isNamedSecret(value)))]))
}

/** Samples are many and hold numbers only; what has texts is tables and names. */
function redactSamples({ samples, ...event }: EventOf<'stack_samples'>, clean: (text: string) => string): RunEvent {
  return { ...redactValue(event, clean), samples: samples.map(({ atMs, thread, stack, state, pid }) => ({ atMs, thread, stack, state, ...(pid === undefined ? {} : { pid }) })) }
}

function withoutLocals(event: RunEvent): RunEvent {
  if (event.type !== 'stack') return event
  const bare = <F extends { locals?: Record<string, string> }>({ locals: _, ...frame }: F) => frame
  return { ...event, frames: event.frames.map(bare), threads: event.threads.map((thread) => ({ ...thread, frames: thread.frames.map(bare) })) }
}
