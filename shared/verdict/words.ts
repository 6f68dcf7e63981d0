import { exactMs, formatMs, formatValue } from '../limits/units.ts'
import type { LimitState, Run } from '../run/fold-run.ts'
import type { EventOf, StackFrame } from '../run/event.ts'
import { isOwnFile } from '../stacks/own-file.ts'
import { placeAt, type PlaceAt } from '../stacks/place-at.ts'
import { stateNames } from '../stacks/states.ts'
import { replacedAt } from './programs.ts'
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

/** Where the script was at `atMs`, in the user's own files: "line 9", "line 9 of helpers.py"; null where no stack tells. */
export interface OwnPlace extends Omit<PlaceAt, 'frames'> { frame: StackFrame; words: string }

export function ownPlaceAt(run: Run, atMs: number | null): OwnPlace | null {
  const place = placeAt(run.events, atMs ?? run.nowMs)
  const frame = place?.frames.find(({ file }) => isOwnFile(run.plan?.script, file))
  if (!place || !frame) return null
  const { frames: _, ...rest } = place
  return { ...rest, frame, words: lineWords(run, frame) }
}

/** "line 9"; "line 9 of helpers.py" where it is another file than the script itself. */
export function lineWords(run: Run, { file, line }: { file: string; line: number }): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  return name === run.plan?.script.name ? `line ${line}` : `line ${line} of ${name}`
}

/** A sample older than this (ms) says where the script was last seen, not where it was. */
const freshMs = 20

/** What the script was doing at `atMs`: "your script was asleep on line 9", "your script had not started". */
export function scriptDoing(run: Run, atMs: number | null): string {
  const at = atMs ?? run.nowMs
  if (!run.process || run.process.atMs > at) {
    if (run.queueEntered && (!run.queueLeft || run.queueLeft.atMs > at)) return 'the request was waiting in the queue'
    if (!run.stages.request_received || run.stages.request_received.atMs > at) return 'the request was still on its way'
    if (!run.stages.connector_started || run.stages.connector_started.atMs > at) return 'the request was still coming in'
    if (!run.checks.some((check) => check.name === 'python' && check.atMs <= at)) return 'the connector was still looking for Python'
    // A start that was cut never got to tell its process.
    return run.spans.some((span) => span.layer === 'script' && span.startMs <= at) ? phaseAt(run, at) : 'your script had not started'
  }
  const finished = run.stages.script_finished
  if (finished && finished.atMs < at - 0.5 && run.kills.length === 0) return 'the answer was on its way back'
  const replaced = replacedAt(run, at)
  if (replaced) return `your script’s process had become ${replaced.program} (exec)`
  const place = ownPlaceAt(run, at)
  if (!place) return phaseAt(run, at)
  const state = place.state === null ? '' : `${stateNames[place.state]} `
  const isOld = place.ageMs > freshMs || wentOnBetween(run, at - place.ageMs, at)
  return `your script was ${isOld ? 'last seen ' : ''}${state}on ${place.words}`
}

/** Did the wrapper begin another step (loading, transform(), serialising) between two instants? Then the script was elsewhere after it. */
function wentOnBetween(run: Run, fromMs: number, toMs: number): boolean {
  return run.spans.some(({ layer, parentId, startMs }) => layer === 'script' && parentId === 'python' && startMs > fromMs && startMs <= toMs)
}

/** Without a stack the wrapper's spans still tell what it was about. */
function phaseAt(run: Run, atMs: number): string {
  const span = run.spans.findLast(({ layer, parentId, startMs, endMs }) => layer === 'script' && parentId !== null && startMs <= atMs && (endMs === null || endMs >= atMs))
  if (span?.name.startsWith('interpreter')) return 'Python was still starting'
  if (span?.name === 'load') return 'your script was being loaded'
  if (span?.name === 'serialise') return 'your result was being turned into JSON'
  if (span?.name === 'exit') return `Python was ending: transform() had ${run.scriptError ? `raised ${run.scriptError.error.type}` : 'returned'}`
  return 'your script was running'
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

/** Longer lines are shortened: the whole one is in the log. */
const mostLine = 240

/** A line of a proxy's own log, as evidence. */
export function lineEvidence(log: EventOf<'proxy_log'>): Evidence {
  return { kind: 'log', text: log.line.length > mostLine ? `${log.line.slice(0, mostLine)}…` : log.line, ref: `event:${log.seq}` }
}

/** The line in which a proxy says that its client left before the answer: nginx's 499, HAProxy's termination state `C`. */
export function leftLine(run: Run, hop: number): EventOf<'proxy_log'> | undefined {
  return run.proxyLogs.find((log) => log.hop === hop && log.kind === 'access' && (log.fields.status === 499 || /^C[A-Z]/.test(String(log.fields.termination ?? ''))))
}

export function limitEvidence(limit: LimitState | undefined): Evidence | null {
  if (!limit || limit.value === null) return null
  return { kind: 'limit', text: `${limit.id} = ${formatValue(limit.value, limit.unit)} (${limit.origin})`, ref: `limit:${limit.id}` }
}

/** Where the script was at `atMs`, as evidence; null where no stack tells. */
export function stackEvidence(run: Run, atMs: number | null): Evidence | null {
  const place = ownPlaceAt(run, atMs)
  if (!place) return null
  const age = place.reason === 'last_sample' ? `, sampled ${formatMs(place.ageMs)} before` : ''
  const state = place.state === null ? '' : `, ${stateNames[place.state]}`
  return { kind: 'stack', text: `last stack: ${place.frame.function}, ${place.words}${state}${age}`, ref: 'stack' }
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

export { exactMs, formatMs }
