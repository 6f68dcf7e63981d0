import { mkdir } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PushName, Pushes } from '../../shared/bridge/contract.ts'
import type { RunEvent } from '../../shared/run/event.ts'
import { inputJsonOf, outputFieldsOf } from '../../shared/run/exact-json.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import type { RunRecord } from '../../shared/run/record.ts'
import { sampledFilesOf, stacksSummaryOf } from '../../shared/stacks/summary.ts'
import { toRecord } from '../../shared/run/to-record.ts'
import type { RunHandle } from '../engine.ts'
import { startChain } from '../flow/chain.ts'
import { sendRequest } from '../flow/client/send-request.ts'
import { createRunClock } from '../flow/clock.ts'
import { createConnector } from '../flow/connector/connector.ts'
import type { createQueues } from '../flow/queue.ts'
import { createFlowRun } from '../flow/flow-run.ts'
import type { Handle } from '../flow/gateway/exchange.ts'
import { reuseOf } from '../flow/service-faults.ts'
import { createLogStore, type LogStore, type StoredLog } from '../log/log-store.ts'
import { findInterpreter } from '../python/interpreters.ts'
import type { ScriptRunner } from '../python/script-run.ts'
import { createBatches } from './batches.ts'
import { osLimitsOf } from './os-limits.ts'
import { checkBeforeScript } from './preflight.ts'
import { createRecorder } from './recorder.ts'
import { scriptFileOf, sourceLines, withFileText } from './run-plan.ts'

/** A run that is over, with everything it was derived from. */
export interface EndedRun {
  record: RunRecord
  events: RunEvent[]
  log: StoredLog
}

export interface LiveRun extends RunHandle { readonly log: StoredLog }

export interface RunContext {
  workFolder: string
  runner: ScriptRunner
  queues: ReturnType<typeof createQueues>
  push<P extends PushName>(name: P, value: Pushes[P]): void
  version: string
}

/** When no script runs any more, what is still on its way through slow links is waited for this long (ms), and then let go. */
const mostDrainMs = 3000

/** The screen hears of new log lines at most this often (ms). */
const logNewsMs = 100

/** Starts one plan: the layers inside out, then the client. */
export async function executeRun(asked: RunPlan, context: RunContext): Promise<LiveRun> {
  const id = newRunId()
  const folder = join(context.workFolder, id)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const scriptPath = await scriptFileOf(asked, folder)
  const plan = await withFileText(asked)
  const met = meetInterpreter(plan, scriptPath)
  context.runner.load()
  await met
  const clock = createRunClock()
  const log = createLogStore({ dir: join(folder, 'log') })
  const batches = createBatches((events) => context.push('events', { runId: id, events }))
  const recorder = createRecorder({ nowMs: clock.nowMs, appendMessage: (message) => log.appendMessage(message), onEvent: (event) => batches.add(event) })
  const news = announceLog(id, log, context.push)
  recorder.emit({ type: 'run_started', runId: id, startedAt: new Date().toISOString(), plan, version: context.version })

  const flow = createFlowRun({ clock, emit: recorder.emit, log: recorder.log, limits: plan.limits })
  const concurrency = plan.limits.find((limit) => limit.id === 'connector.concurrency')?.value ?? null
  const totals = { stdout: 0, stderr: 0 }
  const connector = createConnector(flow, {
    runId: id, preflight: () => checkBeforeScript(plan, scriptPath), slots: context.queues.slotsFor(plan.profile, concurrency), runner: context.runner, os: osLimitsOf(plan.limits), stacks: plan.stacks,
    output(stream, chunk, atMs) {
      totals[stream] += chunk.length
      log.appendOutput(stream, chunk, atMs)
    },
  })
  const answers = followAnswers(connector)
  // A hop that cannot be had (a proxy that is not installed) is told before anything has run.
  const chain = await startChain(flow, plan, answers.handle).catch(async (error: unknown) => {
    clock.close()
    news.last()
    await log.remove()
    throw error
  })
  const stop = new AbortController()
  const answered = Promise.withResolvers<number>()

  const throughTheFlow = async (): Promise<void> => {
    const patience = new AbortController()
    try {
      const answer = await sendRequest(flow, { to: chain.entry, inputJson: inputJsonOf(plan), stop: stop.signal, ...reuseOf(plan) })
      answered.resolve(answer.endedMs)
      // Nobody waits any more, but the run is over only when the script is, and what the proxies have to say is written.
      await Promise.race([chain.drain(), answers.settled().then(() => sleep(mostDrainMs, undefined, { signal: patience.signal }))])
    } finally {
      // A timer that is left keeps the whole process from ending.
      patience.abort()
      await chain.close()
      await answers.settled()
    }
    recorder.emit({ type: 'output', stdoutBytes: totals.stdout, stderrBytes: totals.stderr, lines: log.lineCount })
  }
  const run = async (): Promise<EndedRun> => {
    try {
      await throughTheFlow()
    } finally {
      clock.close()
      answered.resolve(recorder.run.client?.atMs ?? clock.nowMs())
      recorder.emit({ type: 'run_ended' })
      await log.end()
      news.last()
      batches.flush()
    }
    const stacks = stacksSummaryOf(recorder.events, await sourceLines(plan, scriptPath, sampledFilesOf(recorder.events)))
    const record = toRecord(recorder.run, { ...answers.returned(), logLines: log.lineCount, stacks })
    return { record, events: recorder.events, log }
  }
  return { id, log, stop: () => stop.abort(), answered: answered.promise, done: run() }
}

/** A probe that hangs is the connector's to report (ms). */
const mostMeetingMs = 2000

/**
 * Gets to know the interpreter before the clock starts. Asking a program for its version takes 120 ms and more the first time, which no
 * real service spends on a request; the answer is remembered, and the connector's own check finds it at once.
 */
async function meetInterpreter(plan: RunPlan, scriptPath: string): Promise<void> {
  const patience = new AbortController()
  await Promise.race([findInterpreter({ python: plan.python, scriptPath: plan.script.path ?? scriptPath }), sleep(mostMeetingMs, undefined, { signal: patience.signal })]).catch(() => { /* the connector says what is wrong with it */ })
  patience.abort()
}

type Returned = ReturnType<typeof outputFieldsOf>

/** Keeps an eye on every answer of the connector: what transform returned, whoever got it, and when the last one is over. */
function followAnswers(connector: Handle): { handle: Handle; returned(): Returned; settled(): Promise<void> } {
  let returned: Returned = { output: null }
  const handled: Promise<unknown>[] = []
  return {
    handle(request, parent) {
      const answer = connector(request, parent)
      handled.push(answer.then((given) => { if (given.status === 200) returned = outputFieldsOf(given.body.toString('utf8')) }))
      return answer
    },
    returned: () => returned,
    settled: () => settled(handled),
  }
}

/** Requests may still arrive while earlier ones end (a proxy that tries again). */
async function settled(handled: Promise<unknown>[]): Promise<void> {
  for (let seen = -1; seen !== handled.length;) {
    seen = handled.length
    await Promise.allSettled(handled)
  }
}

/** Sorts by time, is unique, and can be typed. */
function newRunId(): string {
  return `${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`
}

function announceLog(runId: string, log: LogStore, push: RunContext['push']): { last(): void } {
  let told = -1
  const tell = () => {
    if (log.lineCount === told) return
    told = log.lineCount
    push('logGrew', { runId, lines: told, counts: log.counts })
  }
  const timer = setInterval(tell, logNewsMs)
  return { last() { clearInterval(timer); tell() } }
}
