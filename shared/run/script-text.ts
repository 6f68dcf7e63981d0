import type { RunEvent } from './event.ts'
import { scriptTextOf } from './plan.ts'

/** The script that a run ran, from its events; null where nobody knows it. */
export function scriptTextIn(events: readonly RunEvent[]): string | null {
  const started = events.find((event) => event.type === 'run_started')
  return started ? scriptTextOf(started.plan) : null
}
