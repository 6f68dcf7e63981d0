import type { EventOf, RunEvent } from '../run/event.ts'
import { inputFieldsOf, outputFieldsOf } from '../run/exact-json.ts'
import { numberTextOf, parseExact } from '../run/parse-exact.ts'
import { countKeys } from '../run/json-tokens.ts'
import type { JsonValue, RunPlan } from '../run/plan.ts'
import type { RunRecord, SavedRun } from '../run/record.ts'
import { scriptTextIn } from '../run/script-text.ts'
import type { Exporter } from './exporter.ts'
import { cleanerOf, isNamedSecret, knownSecrets } from './known-secrets.ts'
import { withoutKeyLines } from './private-key-lines.ts'
import { redacted } from './redact-text.ts'
import { isSecretName } from './secret-names.ts'

/**
 * A saved run without its secrets: values of fields and variables that are named like secrets, headers, credentials in URLs,
 * tokens known by their shape, wherever they stand, and every other place where one of those values stands again.
 * Local variables of stacks are left out altogether, and lines of the log that nobody is going to write (`log`) are emptied.
 */
export function redactRun(run: SavedRun, log: Exporter['log'] = 'all'): SavedRun {
  const clean = cleanerOf(knownSecrets([run.record.plan.input, run.record.output, ...messagesOf(run)], scriptTextsOf(run)))
  const withoutKeys = withoutKeyLines()
  return {
    ...run,
    record: redactRecord(run.record, clean),
    events: run.events.map((event) => (redactEvent(event, clean))),
    log: run.log.map(withoutKeys).map((line, number) => (isWritten(number, run.log.length, log) ? clean(line) : '')),
    redacted: true,
  }
}

function redactRecord({ output, outputText, plan, ...rest }: RunRecord, clean: (text: string) => string): RunRecord {
  const isKept = typeof outputText === 'string'
  const fields = isKept ? outputFieldsOf(redactJson(outputText, clean)) : { output: redactValue(output, clean), ...(outputText === undefined ? {} : { outputText }) }
  return { ...redactValue(rest, clean), plan: redactPlan(plan, clean), ...fields }
}

function redactPlan({ input, inputText, ...rest }: RunPlan, clean: (text: string) => string): RunPlan {
  return { ...redactValue(rest, clean), ...(inputText === undefined ? { input: redactValue(input, clean) } : inputFieldsOf(redactJson(inputText, clean))) }
}

/** A text of JSON stays as it is where it holds no secret. With a key that stands twice it is written anew: the first value would be seen by nobody. */
function redactJson(text: string, clean: (text: string) => string): string {
  const value = parseExact(text)
  const written = JSON.stringify(redactValue(value, clean))
  return written === JSON.stringify(value) && countKeys(text) === keysOf(value) ? text : written
}

function keysOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null || numberTextOf(value) !== null) return 0
  const inside = Object.values(value)
  return inside.reduce((sum: number, item) => sum + keysOf(item), Array.isArray(value) ? 0 : inside.length)
}

function redactEvent(event: RunEvent, clean: (text: string) => string): RunEvent {
  if (event.type === 'stack_samples') return redactSamples(event, clean)
  if (event.type === 'run_started') return { ...redactValue(event, clean), plan: redactPlan(event.plan, clean) }
  return redactValue(withoutLocals(event), clean)
}

function isWritten(line: number, count: number, log: Exporter['log']): boolean {
  return log === 'all' || (log !== undefined && (line < log.head || line >= count - log.tail))
}

/** What its client sent and received, with the headers. */
function messagesOf({ events }: SavedRun): unknown[] {
  return events.flatMap((event) => (event.type === 'client_ended' ? [event.request, event.response] : []))
}

/** What a run carries of the script's own text, and what it printed. */
function* scriptTextsOf(run: SavedRun): Iterable<string> {
  yield scriptTextIn(run.events) ?? ''
  for (const line of run.record.stacks?.lines ?? []) yield line.source ?? ''
  for (const event of run.events) if (event.type === 'script_error') yield `${event.error.traceback}\n${event.error.detail ?? ''}`
  yield* run.log
}

/** The same shape with every text redacted. Under a secret name every text and number goes. */
function redactValue<T>(value: T, clean: (text: string) => string, isSecret = false): T {
  return redactUnknown(value, clean, isSecret) as T
}

function redactUnknown(value: unknown, clean: (text: string) => string, isSecret: boolean): unknown {
  if (typeof value === 'string') return isSecret && value !== '' ? redacted : clean(value)
  if (numberTextOf(value) !== null) return isSecret ? redacted : value
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
