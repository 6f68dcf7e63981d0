import type { ErrorBehind, EventOf, ScriptError } from '../../run/event.ts'
import type { LimitState, Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'

/** The error itself, or one that stands behind it. */
export interface Link extends ErrorBehind { behind: boolean }
/** A kernel limit that an error looks like. `known`: more that is known of how it struck; `elsewhere`: the limit in force, where it is not one of this run. */
export interface Guess { cause: Cause; subject: string; confidence: number; link: Link; known?: string; reading?: string | null; fix?: readonly string[]; elsewhere?: string }

/** What was found behind another error may have been dealt with before that one. */
export const surestBehind = 0.88

export function linksOf({ error }: EventOf<'script_error'>): Link[] {
  const { type, message, errno = null, raised = null, causes } = error
  // Runs of older versions tell what stands behind in their traceback alone.
  const text: Link[] = causes === undefined && raised === null ? [{ type, message: error.traceback, errno: null, raised, behind: false }] : []
  return [{ type, message, errno, raised, behind: false }, ...(causes ?? []).map((cause) => ({ ...cause, behind: true })), ...text]
}

export const errnoOf = (link: Link): number => link.errno ?? Number(/\[Errno (\d+)\]/.exec(link.message)?.[1] ?? Number.NaN)
export const textOf = (link: Link): string => `${link.type}: ${link.message}`

/** It was raised in a process of a pool, and passed on from there: what is known of this process says nothing of that one. */
export function isOfOtherProcess({ causes }: ScriptError): boolean {
  return (causes ?? []).some(({ type }) => type.endsWith('RemoteTraceback'))
}

/** How often the kernel refused the script another process, as its control group counts it; null where nobody counts. */
export function refusals(run: Run): number | null {
  return run.counters.find((counter) => counter.name === 'cgroup.pids.max')?.delta ?? null
}

export function armed(limit: LimitState | undefined): boolean {
  return limit !== undefined && limit.value !== null && limit.enforced && limit.notEnforced === null
}
