import { formatMs, formatValue } from '../limits/units.ts'
import type { LimitState, Run } from '../run/fold-run.ts'
import type { StackFrame, StackState } from '../run/event.ts'
import type { Evidence } from './verdict.ts'

/** "500 ms limit set on this run", "30 s limit from config.yaml". */
export function limitPhrase(limit: LimitState | undefined, fallbackId: string): string {
  if (!limit || limit.value === null) return `${fallbackId} limit`
  return `${formatValue(limit.value, limit.unit)} limit ${originPhrase(limit.origin)}`
}

function originPhrase(origin: string): string {
  if (origin === 'this run') return 'set on this run'
  if (origin === 'profile') return 'of the profile'
  if (origin === 'default') return '(the default)'
  return `from ${origin}`
}

/** The innermost frame in the user's own script; null if the stack shows none. */
export function userFrame(run: Run): StackFrame | null {
  const path = run.plan?.script.path
  const frames = run.stack?.frames ?? []
  return frames.find((frame) => frame.file === path || frame.file.endsWith(`/${run.plan?.script.name}`)) ?? null
}

const stateWords: Record<StackState, string> = {
  computing: 'was computing', sleep: 'was asleep', socket: 'was waiting for a socket', file: 'was waiting for a file', lock: 'was waiting for a lock',
  child: 'was waiting for a child process', waiting: 'was waiting', throttled: 'was held back by its CPU share',
}

/** What the script was doing at `atMs`: "your script was asleep on line 9", "your script had not started". */
export function scriptDoing(run: Run, atMs: number | null): string {
  const at = atMs ?? run.nowMs
  if (!run.process || run.process.atMs > at) {
    if (run.queueEntered && (!run.queueLeft || run.queueLeft.atMs > at)) return 'the request was waiting in the queue'
    if (!run.stages.request_received || run.stages.request_received.atMs > at) return 'the request was still on its way'
    return 'your script had not started'
  }
  const finished = run.stages.script_finished
  if (finished && finished.atMs < at - 0.5 && run.kills.length === 0) return 'the answer was on its way back'
  const frame = userFrame(run)
  const state = run.stack?.state ? stateWords[run.stack.state] : 'was'
  return frame ? `your script ${state} on line ${frame.line}` : 'your script was running'
}

/** "that used 43 ms of CPU in 496 ms: it was waiting, a faster machine will not help". Null without a usage. */
export function cpuAdvice(run: Run): string | null {
  const exit = run.exit?.exit
  if (!exit || exit.cpuMs === null || exit.wallMs < 20) return null
  const share = exit.cpuMs / exit.wallMs
  if (share < 0.25) return `${formatMs(exit.cpuMs)} of ${formatMs(exit.wallMs)} were computing, the rest waiting: a faster machine will not help.`
  if (share > 0.8) return `${formatMs(exit.cpuMs)} of ${formatMs(exit.wallMs)} were computing: less work or a faster machine will help.`
  return `${formatMs(exit.cpuMs)} of ${formatMs(exit.wallMs)} were computing.`
}

export function limitOf(run: Run, id: string | null): LimitState | undefined {
  return id === null ? undefined : run.limits.find((limit) => limit.id === id)
}

/** Evidence from an event: `ref` finds it in the record. */
export function eventEvidence(text: string, event: { seq: number } | null | undefined): Evidence {
  return { kind: 'event', text, ref: event ? `event:${event.seq}` : null }
}

/** The flow's own log line with this message, as evidence; null if it was not written. */
export function logEvidence(run: Run, message: RegExp): Evidence | null {
  const log = run.logs.find((event) => message.test(event.message))
  return log ? { kind: 'log', text: `${log.source}: ${log.message}`, ref: `log:${log.line}` } : null
}

export function limitEvidence(limit: LimitState | undefined): Evidence | null {
  if (!limit || limit.value === null) return null
  return { kind: 'limit', text: `${limit.id} = ${formatValue(limit.value, limit.unit)} (${limit.origin})`, ref: `limit:${limit.id}` }
}

export function stackEvidence(run: Run): Evidence | null {
  const frame = userFrame(run)
  if (!frame || !run.stack) return null
  const age = run.stack.reason === 'last_sample' ? `, sampled ${formatMs(run.stack.ageMs)} before the end` : ''
  return { kind: 'stack', text: `last stack: ${frame.function}, line ${frame.line}${age}`, ref: 'stack' }
}

export function present<T>(items: (T | null | undefined)[]): T[] {
  return items.filter((item): item is T => item !== null && item !== undefined)
}

/** The next round number at or above `ms`, on a 1-2-5 grid: what people would type. */
export function roundUp(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(ms))
  const step = [1, 2, 5, 10].find((factor) => factor * power >= ms) ?? 10
  return step * power
}

export { formatMs }
