import { eventFormatVersion, type RunEvent } from './event.ts'

/** One step from the events of version `index + 1` to the next. A released step never changes. */
const steps: readonly ((events: readonly unknown[]) => unknown[])[] = []

/** Thrown for events of a later version than this program knows. */
export class FutureEventsError extends Error {}

/** Brings stored events to the version this program works with, one step at a time. */
export function upgradeEvents(stored: unknown, version: number): RunEvent[] {
  if (version > eventFormatVersion) throw new FutureEventsError(`this run was written by a newer Cutoff (events of version ${version}, this one knows ${eventFormatVersion}): open it with that one`)
  if (!Array.isArray(stored)) throw new TypeError('the events of this run are not a list')
  return steps.slice(version - 1).reduce((events: unknown[], step) => step(events), stored) as RunEvent[]
}
