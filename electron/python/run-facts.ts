import type { LayerId } from '../../shared/flow/layers.ts'
import type { ProcessExit, StackState } from '../../shared/run/event.ts'
import { nsOfRunMs } from './clock.ts'
import { parseFaulthandler, withoutHarness, type CutStack } from './cut-stack.ts'
import type { HarnessProcess } from './harness-process.ts'
import type { ControlMessage, ReportMessage } from './messages.ts'
import { frameReader } from './frames.ts'
import { endingOf, statusOfEnding, type Intent } from './script-ending.ts'
import { passOutput } from './script-output.ts'
import { followReport } from './script-report.ts'
import { followStacks } from './stacks/follow-stacks.ts'
import type { StackFact } from './stacks/stack-messages.ts'
import type { ScriptEnding, ScriptOutput, ScriptRequest, ScriptSink } from './script-run.ts'
import { openPythonSpan } from './script-spans.ts'

/** A deadline as an instant of this process's monotonic clock. */
export interface DeadlineAt { limitId: string; by: LayerId; ns: bigint }

export interface FactsOf {
  host: HarnessProcess
  nonce: string
  warm: boolean
  request: ScriptRequest
  sink: ScriptSink
  launchedNs: bigint
  harnessFolder: string
  /** An instant of the harness's clock on the run's. */
  msOf(ns: number): number
}

/** What is known of one run so far, and the events it makes: the same for every kind of harness. */
export function collectFacts({ host, nonce, warm, request, sink, launchedNs, harnessFolder, msOf }: FactsOf) {
  const launchedMs = sink.runMsOf(launchedNs)
  const spans = openPythonSpan(sink.emit, launchedMs, warm ? 'interpreter (kept warm)' : 'interpreter')
  const stacks = followStacks(sink.emit, msOf)
  const report = followReport(sink, spans, msOf, (id) => started(id), (fact) => stacks.take(fact, 'thread'))
  const output = passOutput(host.output, sink)
  host.report.on('data', frameReader(nonce, report.onFrame))
  const deadlines: DeadlineAt[] = request.deadlines.map(({ limitId, by, at }) => ({
    limitId, by, ns: 'runMs' in at ? nsOfRunMs(at.runMs, sink.runMsOf, launchedNs) : launchedNs + BigInt(Math.round(at.afterStartMs * 1e6)),
  }))
  const fired = new Set<string>()
  let pid: number | null = null
  let intent: Intent | null = null
  // Their spans come at the end: what the script told before them may still be on its way, on a pipe of its own.
  const replaced: { program: string; atMs: number }[] = []
  // In force from the launch on: until the supervisor has them, timers of this process hold them.
  for (const { limitId, ns } of deadlines) sink.emit({ type: 'limit_armed', limitId, deadlineMs: sink.runMsOf(ns) }, launchedMs)

  function started(startedPid: number): void {
    if (pid !== null) return
    pid = startedPid
    sink.emit({ type: 'process_started', pid, python: request.python.path, pythonVersion: request.python.version, warm }, launchedMs)
  }
  const fire = (limitId: string, atMs: number, action: string): void => {
    fired.add(limitId)
    const deadline = deadlines.find((candidate) => candidate.limitId === limitId)
    sink.emit({ type: 'limit_fired', limitId, effect: 'acted', passedAtMs: deadline ? sink.runMsOf(deadline.ns) : null, action }, atMs)
  }
  const emitStack = (stack: CutStack | null, state: string | null, method: 'external' | 'thread' | 'faulthandler', atMs: number, last?: { ageMs: number }): void => {
    if (stack) sink.emit({ type: 'stack', reason: last ? 'last_sample' : 'cut', ...stack, state: state as StackState | null, ageMs: last?.ageMs ?? 0, method }, atMs)
  }
  let lastSeen: Extract<ControlMessage, { e: 'stack' }> | null = null

  const disarm = (atMs: number): void => {
    for (const limitId of [...deadlines.map((deadline) => deadline.limitId), ...report.limitsInForce]) {
      if (!fired.has(limitId)) sink.emit({ type: 'limit_disarmed', limitId }, atMs)
    }
  }
  return {
    deadlines, launchedMs, report, output,
    get pid() { return pid },
    get intent() { return intent },
    started,
    /** A kill of ours is about to happen. `own`: a limit held here decided it, so its firing is told here as well. The first one stays. */
    intend(cause: Intent, signal: string, own: boolean, atMs: number): void {
      sink.emit({ type: 'kill_intent', by: cause.by, limitId: cause.limitId, reason: cause.reason, signal }, atMs)
      if (intent) return
      intent = cause
      if (own && cause.limitId !== null) fire(cause.limitId, atMs, signal === 'SIGTERM' ? 'the script was sent SIGTERM' : 'signal: killed')
    },
    stackFact(fact: StackFact): void { stacks.take(fact, 'external') },
    stack(message: Extract<ControlMessage, { e: 'stack' }>): void {
      // How it ended is not known yet: the last sample only matters where nothing better tells where the script was. At a cut it comes for lack of that.
      if (message.reason === 'last_sample') { lastSeen = message; return }
      const named = message.threads?.map(({ name, thread, frames }) => ({ name: stacks.nameOf(thread, name), frames }))
      const stack = named ? withoutHarness(named, harnessFolder) : parseFaulthandler(message.text ?? '', harnessFolder)
      emitStack(stack, message.state, message.method, msOf(message.at))
    },
    reading(message: Extract<ControlMessage, { e: 'reading' }>): void {
      sink.emit({
        type: 'reading', cpuMs: message.cpuNs / 1e6, rssBytes: message.rss, addressSpaceBytes: message.addressSpace, processes: message.processes,
        threads: message.threads, ...(message.throttledNs === null ? {} : { throttledMs: message.throttledNs / 1e6 }),
      }, msOf(message.at))
    },
    replaced(message: Extract<ControlMessage, { e: 'replaced' }>): void {
      sink.emit({ type: 'process_replaced', program: message.program, command: message.command, by: 'path' }, msOf(message.at))
      replaced.push({ program: message.program, atMs: msOf(message.at) })
    },
    children(message: Extract<ControlMessage, { e: 'children' }>): void {
      sink.emit({ type: 'children_at_cut', children: message.children.map((child) => ({ ...child, state: child.state as StackState | null })) }, msOf(message.at))
    },
    osLimit(message: Extract<ReportMessage, { e: 'os_limit' }>): void { report.osLimit(message) },
    /** The last events of a run whose process is gone and whose pipes are drained. */
    conclude(end: { exit: ProcessExit; atMs: number; leftovers: number; counters: { name: string; delta: number }[]; crashStack: string; kernel: { limitId: string; action: string } | null; name: string | null; supervisorFault: string | null }): { ending: ScriptEnding; output: ScriptOutput } {
      const ending = endingOf({ intent, outputJson: report.outputJson, error: report.error, exit: end.exit })
      const crash = end.crashStack && ending.kind === 'exited' && end.exit.signal ? parseFaulthandler(end.crashStack, harnessFolder) : null
      if (crash) emitStack(crash, null, 'faulthandler', end.atMs)
      else if ((ending.kind === 'exited' || intent) && lastSeen?.threads) {
        emitStack(withoutHarness(lastSeen.threads, harnessFolder), lastSeen.state, lastSeen.method, end.atMs, { ageMs: (lastSeen.ageNs ?? 0) / 1e6 })
      }
      for (const { program, atMs } of replaced) spans.replace(program, atMs)
      spans.end(statusOfEnding(ending), end.atMs)
      for (const counter of end.counters) sink.emit({ type: 'kernel_counter', ...counter })
      if (end.kernel && !intent) fire(end.kernel.limitId, end.atMs, end.kernel.action)
      // Our own mistake took the script down: it must not pass for somebody else's kill in silence.
      if (end.supervisorFault) sink.output('stderr', Buffer.from(`cutoff: the supervisor failed and the script was ended with it\n${end.supervisorFault}`), end.atMs)
      // A program that was over before anybody looked has left its name.
      if (end.name !== null && replaced.length === 0 && !intent && ending.kind === 'exited' && end.exit.exitCode !== null) sink.emit({ type: 'process_replaced', program: end.name, command: null, by: 'name' }, end.atMs)
      if (pid !== null) sink.emit({ type: 'process_exited', exit: end.exit, leftovers: end.leftovers }, end.atMs)
      disarm(end.atMs)
      return { ending, output: output.counted() }
    },
    /** The interpreter ended before the script's process began, and not by us. */
    neverStarted(error: string, atMs: number): { ending: ScriptEnding; output: ScriptOutput } {
      spans.end('error', atMs)
      disarm(atMs)
      return { ending: { kind: 'spawn_failed', error, code: null }, output: output.counted() }
    },
  }
}

/** `/usr/bin/python3 ended with exit code 1 before the script began: ...` */
export function startProblem(python: string, exit: { code: number | null; signal: string | null }, stderr: string): string {
  const said = stderr.trim()
  return `${python} ended with ${exit.signal ?? `exit code ${exit.code}`} before the script began${said ? `: ${said}` : ''}`
}
