import { formatValue, formatMs } from '../limits/units.ts'
import { baseOf } from '../limits/catalog.ts'
import type { LimitState, Run } from '../run/fold-run.ts'
import { isOwnFile } from '../stacks/own-file.ts'
import { scriptUnder } from './script-under.ts'
import { cpuAdvice } from './time-split.ts'
import { lineWords, present, roundUp } from './words.ts'

/**
 * What to change when a limit cut the request. The first entry, where it begins with "Set ", is one the screen can apply:
 * `Set client.total to 5 s`.
 */
export function limitFix(run: Run, limit: LimitState): string[] {
  const base = baseOf(limit.id)
  const needed = base === 'os.cpu_time' ? null : needOf(run)
  const value = limit.value ?? 0
  if (base in moreAtOnce) return [`Set ${limit.id} to ${formatMs(roundUp(value * 2))}`, `or let more run at once: ${moreAtOnce[base]}`, 'or make the requests before it shorter. A wait is not a slow script.']
  if (limit.unit !== 'ms') return [`Set ${limit.id} to ${formatValue(enough(run, base, value), limit.unit)}`, base === 'platform.payload' ? 'or send less: in pages, compressed, or as a reference to where the data is' : 'or let the script need less of it']
  // CPU time is the script's own, whenever it is found out that it was used up.
  const under = base === 'os.cpu_time' ? 'running' : scriptUnder(run, limit)
  if (under !== 'running') {
    return present([
      `Set ${limit.id} to ${formatMs(roundUp(value * 2))}`,
      under === 'ended' ? 'Your script had ended by then: it is not what took the time.' : 'Your script had not started by then: what took the time came before it.',
      outwards[base] ?? null,
    ])
  }
  const next = needed === null ? roundUp(value * 2) : roundUp(needed * 1.5)
  return present([
    `Set ${limit.id} to ${formatMs(next)}`,
    returned(run, limit) ?? (needed === null ? 'The script had not finished, so how long it needs is not known: run once without this limit to see.' : `Your script ended ${formatMs(needed)} into the request (measured in this run).`),
    base.startsWith('os.') ? 'or let the script compute less' : `or answer within ${formatMs(Math.max(1, value * 0.9))}: do less before answering, or cache the slow part`,
    cpuAdvice(run),
    outwards[base] ?? null,
  ])
}

/** Twice as much as often as it takes for what is known of the size that was asked for. */
function enough(run: Run, base: string, value: number): number {
  const size = base === 'platform.payload' ? run.scriptResult?.bytes : base === 'connector.output' ? Number(/the result is (\d+) bytes/.exec(run.scriptError?.error.message ?? '')?.[1] ?? 0) : 0
  const doubled = value * 2
  // What is sent around a result comes on top of it.
  return doubled * 2 ** Math.max(0, Math.ceil(Math.log2(((size ?? 0) * 1.1) / doubled)))
}

/** What is to be done where transform() had its result, or its error, and the process would not end: no other layer gets the answer before. */
function returned(run: Run, limit: LimitState): string | null {
  const told = run.scriptResult ?? run.scriptError
  if (!told || !limit.fired || told.atMs > limit.fired.atMs || (run.exit && run.exit.atMs <= limit.fired.atMs)) return null
  const done = told.type === 'script_error' ? `Your script had raised ${told.error.type}` : 'transform() had returned'
  return `${done} ${formatMs(told.atMs)} into the request: its answer goes out when the process has ended. ${keptBy(run)}`
}

/** What keeps a process from ending once transform() has returned: the threads that were seen, and where in the script they were. */
function keptBy(run: Run): string {
  const threads = (run.stack?.threads ?? []).map(({ name, frames }) => {
    const own = frames.find(({ file }) => isOwnFile(run.plan?.script, file))
    return `${name}${own ? ` on ${lineWords(run, own)}` : ''}`
  })
  if (threads.length === 0) return 'What kept it are threads that are no daemons, functions of atexit, or child processes that are waited for.'
  return `Threads that were still there: ${threads.slice(0, 3).join(', ')}${threads.length > 3 ? ' and more' : ''}. One that is no daemon keeps it, and so does a function of atexit, or a child process that is waited for.`
}

/** How long the script took (ms) when it was let to end; null when it was cut. It is no measure of processor time. */
function needOf(run: Run): number | null {
  if (!run.process || !run.exit || run.exit.exit.signal !== null || run.kills.length > 0) return null
  return run.exit.atMs
}

/** What makes a queue shorter. */
const moreAtOnce: Record<string, string> = { 'proxy.queue': 'maxconn on the server line (HAProxy)', 'connector.queue': 'connector.concurrency' }

/** Limits that only move the cut elsewhere unless the next one out is larger too. */
const outwards: Record<string, string> = {
  'connector.python': 'Keep every limit outside it (wrapper.timeout, connector.context, gateway.write, proxy.read, client.total) larger, or they cut first.',
  'connector.context': 'Keep gateway.write, proxy.read and client.total larger than it, or they cut first.',
  'wrapper.timeout': 'Keep connector.python and connector.context larger than it, or they cut first.',
  'proxy.read': 'Keep the client’s own limit larger than it.',
  'gateway.handler': 'Keep gateway.write larger than gateway.handler, or its 503 is lost as well.',
}
