import * as v from 'valibot'
import { eventFormatVersion, type RunEvent } from '../run/event.ts'
import type { SavedRun } from '../run/record.ts'
import { jsonFaultOf } from '../run/json-fault.ts'
import { FutureEventsError, upgradeEvents } from '../run/upgrade-events.ts'
import { isDeeperThan } from './import/depth.ts'
import { eventHead, eventSchemas, logSources } from './import/event-schema.ts'
import { recordSchema } from './import/record-schema.ts'

/** A saved run, or what is wrong with the text: `where` names the place in it. */
export type ImportedRun = { ok: true; run: SavedRun } | { ok: false; problem: string; where: string | null; hint: string | null }

/** Far above any run's: what is larger is no saved run. */
const mostEvents = 5_000_000
const mostLines = 20_000_000
/** Input and output are nested 500 deep at most; what is deeper would run its readers out of stack, also where nobody checks it. */
const deepest = 600

const line = v.pipe(v.number(), v.integer(), v.minValue(0))
const envelope = v.looseObject({
  schema: v.literal('cutoff.saved-run/1'),
  eventFormat: v.pipe(v.number(), v.integer(), v.minValue(1)),
  record: recordSchema,
  events: v.pipe(v.array(v.unknown()), v.maxLength(mostEvents)),
  log: v.pipe(v.array(v.string()), v.maxLength(mostLines)),
  logOrigins: v.optional(v.array(v.tuple([line, v.number(), v.picklist(logSources)]))),
  leftOut: v.optional(v.object({ from: line, lines: line })),
  redacted: v.optional(v.boolean()),
})

/**
 * Reads a run that was saved or exported as JSON, by this version or an older one. Everything in it is checked, since it comes from
 * somebody else; nothing is mended silently.
 */
export function parseSavedRun(text: string): ImportedRun {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { problem, line: row, column } = jsonFaultOf(error, text)
    return refused(text.trim() === '' ? 'this file is empty' : `this is not JSON: ${problem} (line ${row}, column ${column})`, null, 'choose a file that was written by "Export" or by `run --save`')
  }
  const foreign = foreignTo(value)
  if (foreign) return foreign
  if (isDeeperThan(value, deepest)) return refused(`something in this file is nested more than ${deepest} levels deep, as no run is`, null, 'the file was changed or damaged after it was saved')
  const parsed = v.safeParse(envelope, value, { abortEarly: true })
  if (!parsed.success) return faultAt(parsed.issues[0], '')
  const upgraded = upgrade(parsed.output.events, parsed.output.eventFormat)
  if (!upgraded.ok) return upgraded
  const fault = firstFault(upgraded.events)
  if (fault) return fault
  return { ok: true, run: { ...parsed.output, eventFormat: eventFormatVersion, events: upgraded.events } }
}

/** What people take for a saved run, told apart by its `schema`. */
function foreignTo(value: unknown): ImportedRun | null {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined
  if (schema === 'cutoff.saved-run/1') return null
  if (schema === 'cutoff.run/1') return refused('this is the record alone, without the events it was made from', 'schema', 'save the run with `run --save FILE`, or export it as JSON')
  if (schema === 'cutoff.runs/1') return refused('these are the records of several runs, without their events', 'schema', 'save a single run with `run --save FILE`')
  if (typeof schema === 'string' && schema.startsWith('cutoff.saved-run/')) return refused(`this run was saved by a newer Cutoff (${schema})`, 'schema', 'update Cutoff to open it')
  return refused('this is not a run saved by Cutoff', 'schema', 'choose a file that was written by "Export" or by `run --save`')
}

function upgrade(events: unknown[], version: number): { ok: true; events: RunEvent[] } | Extract<ImportedRun, { ok: false }> {
  try {
    return { ok: true, events: upgradeEvents(events, version) }
  } catch (error) {
    if (error instanceof FutureEventsError) return refused(error.message, 'eventFormat', 'update Cutoff to open it')
    throw error
  }
}

function firstFault(events: readonly unknown[]): ImportedRun | null {
  for (const [index, event] of events.entries()) {
    const head = v.safeParse(eventHead, event, { abortEarly: true })
    if (!head.success) return faultAt(head.issues[0], `events[${index}]`)
    const { type, seq } = head.output
    if (seq !== index) return refused(`event number ${index} says it is number ${seq}: events are missing or out of order`, `events[${index}].seq`, null)
    if (!Object.hasOwn(eventSchemas, type)) return refused(`there is no event of the type "${type.slice(0, 80)}"`, `events[${index}].type`, null)
    const body = v.safeParse(eventSchemas[type as RunEvent['type']] as v.GenericSchema, event, { abortEarly: true })
    if (!body.success) return faultAt(body.issues[0], `events[${index}]`)
  }
  const first = events[0] as RunEvent | undefined
  return first?.type === 'run_started' ? null : refused('the first event must be run_started', 'events[0]', null)
}

function faultAt(issue: v.BaseIssue<unknown>, prefix: string): Extract<ImportedRun, { ok: false }> {
  const path = (issue.path ?? []).map(({ key }) => typeof key === 'number' ? `[${key}]` : `.${String(key)}`).join('')
  const where = `${prefix}${path}`.replace(/^\./, '')
  const expected = issue.kind === 'schema' && issue.type !== 'custom' && issue.expected ? `expected ${issue.expected.slice(0, 120)}, found ${issue.received.slice(0, 60)}` : issue.message.slice(0, 200)
  return refused(`${where || 'the file'}: ${expected}`, where || null, 'the file was changed or damaged after it was saved')
}

function refused(problem: string, where: string | null, hint: string | null): Extract<ImportedRun, { ok: false }> {
  return { ok: false, problem, where, hint }
}
