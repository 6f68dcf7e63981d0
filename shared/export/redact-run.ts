import type { EventOf, RunEvent } from '../run/event.ts'
import type { SavedRun } from '../run/record.ts'
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
    record: redactValue(run.record, clean),
    events: run.events.map((event) => (event.type === 'stack_samples' ? redactSamples(event, clean) : redactValue(withoutLocals(event), clean))),
    log: run.log.map(withoutKeys).map((line, number) => (isWritten(number, run.log.length, log) ? clean(line) : '')),
    redacted: true,
  }
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
