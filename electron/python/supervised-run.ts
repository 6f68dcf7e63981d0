import type { LayerId } from '../../shared/flow/layers.ts'
import type { ProcessExit, StackState } from '../../shared/run/event.ts'
import { clockOffset, nowNs, nsOfRunMs } from './clock.ts'
import { parseFaulthandler } from './cut-stack.ts'
import { deadlineGuard } from './deadline-guard.ts'
import { frameReader } from './frames.ts'
import { killGroup, killProcess, type HarnessProcess } from './harness-process.ts'
import { parseControl, toCommandLine, type ControlMessage, type ExitMessage } from './messages.ts'
import { firedByKernel } from './os-limits.ts'
import { endingOf, signalName, statusOfEnding, type Intent } from './script-ending.ts'
import { drain, passOutput } from './script-output.ts'
import { followReport, reportOsLimit } from './script-report.ts'
import type { ScriptRequest, ScriptRun, ScriptSink } from './script-run.ts'
import { openPythonSpan } from './script-spans.ts'

/** A harness that has been started for this run, or was kept warm for it. */
export interface ReadyHarness {
  process: HarnessProcess
  nonce: string
  /** Was it started before the run? */
  warm: boolean
  /** Calls back with every frame of the control channel from now on. */
  onControl(listener: (message: ControlMessage) => void): void
  /** To be added to the harness's instants; known for a warm one, found from its first message for a cold one. */
  offset: { ns: bigint }
}

/** An answer to a kill takes a few ms; after this the supervisor itself is taken to be stuck and is killed with its group. */
const supervisorPatienceMs = 1500

export interface RunSettings { harnessFolder: string; largestResult: number }

/** Runs one script in a supervised harness. See `ScriptRun` for what the result promises. */
export function superviseRun(harness: ReadyHarness, request: ScriptRequest, sink: ScriptSink, settings: RunSettings, launchedNs: bigint): ScriptRun {
  const { process: host, offset } = harness
  const msOf = (ns: number | bigint): number => sink.runMsOf(BigInt(ns) + offset.ns)
  const launchedMs = sink.runMsOf(launchedNs)
  const spans = openPythonSpan(sink.emit, launchedMs, harness.warm ? 'interpreter (kept warm)' : 'interpreter')
  const report = followReport(sink, spans, msOf)
  const output = passOutput(host.stdout, host.stderr, sink)
  host.report.on('data', frameReader(harness.nonce, report.onFrame))

  let pid: number | null = null
  let intent: Intent | null = null
  let exit: ExitMessage | null = null
  let fatal: string | null = null
  let sawExit = (): void => {}
  const treeGone = new Promise<void>((resolve) => { sawExit = resolve })
  const commanded = new Set<string>()
  const fired = new Set<string>()
  const deadlines = request.deadlines.map((deadline) => ({
    limitId: deadline.limitId, by: deadline.by,
    ns: 'runMs' in deadline.at ? nsOfRunMs(deadline.at.runMs, sink.runMsOf, launchedNs) : launchedNs + BigInt(Math.round(deadline.at.afterStartMs * 1e6)),
  }))

  const take = (cause: Intent, signal: string, own: boolean, atMs: number): void => {
    sink.emit({ type: 'kill_intent', by: cause.by, limitId: cause.limitId, reason: cause.reason, signal }, atMs)
    if (intent) return
    intent = cause
    if (own && cause.limitId !== null) fire(cause.limitId, atMs, signal)
  }
  const fire = (limitId: string, atMs: number, signal: string): void => {
    fired.add(limitId)
    const deadline = deadlines.find((candidate) => candidate.limitId === limitId)
    sink.emit({
      type: 'limit_fired', limitId, effect: 'acted', passedAtMs: deadline ? sink.runMsOf(deadline.ns) : null,
      action: signal === 'SIGTERM' ? 'the script was sent SIGTERM' : 'signal: killed',
    }, atMs)
  }
  /** Without the supervisor: it has not started yet, or does not answer. */
  const killHard = (cause: Intent, own: boolean): void => {
    if (exit) return
    if (!intent) take(cause, 'SIGKILL', own, sink.runMsOf(nowNs()))
    if (pid !== null) killGroup(pid)
    killGroup(host.pid)
    killProcess(host.pid)
  }

  harness.onControl((message) => {
    switch (message.e) {
      case 'ready': offset.ns = clockOffset(launchedNs, BigInt(message.now), nowNs()); return
      case 'started': {
        pid = message.pid
        sink.emit({ type: 'process_started', pid, python: request.python.path, pythonVersion: request.python.version, warm: harness.warm }, launchedMs)
        for (const deadline of deadlines) sink.emit({ type: 'limit_armed', limitId: deadline.limitId, deadlineMs: sink.runMsOf(deadline.ns) }, launchedMs)
        return
      }
      case 'intent': take({ by: message.by as LayerId, limitId: message.limitId, reason: message.reason }, message.signal, !commanded.has(message.reason), msOf(message.at)); return
      case 'stack': emitStack(message.text, message.state, msOf(message.at)); return
      case 'reading':
        sink.emit({
          type: 'reading', cpuMs: message.cpuNs / 1e6, rssBytes: message.rss, addressSpaceBytes: message.addressSpace, processes: message.processes,
          threads: message.threads, ...(message.throttledNs === null ? {} : { throttledMs: message.throttledNs / 1e6 }),
        }, msOf(message.at))
        return
      case 'os_limit': reportOsLimit(sink, report.limitsInForce, message); return
      case 'exited': exit = message; sawExit(); return
      case 'fatal': fatal = message.error; return
      case 'clock': return
    }
  })
  const emitStack = (text: string, state: string | null, atMs: number): void => {
    const stack = parseFaulthandler(text, settings.harnessFolder)
    if (stack) sink.emit({ type: 'stack', reason: 'cut', ...stack, state: state as StackState | null, ageMs: 0, method: 'faulthandler' }, atMs)
  }

  const guard = deadlineGuard(deadlines, {
    // Until the supervisor has the deadlines they are held here.
    passed: (deadline) => {
      if (pid === null) killHard({ by: deadline.by, limitId: deadline.limitId, reason: 'deadline passed while Python was starting' }, true)
      return pid === null
    },
    overdue: (deadline) => { if (!intent) killHard({ by: deadline.by, limitId: deadline.limitId, reason: 'deadline passed, the supervisor did not answer' }, true) },
    patienceMs: supervisorPatienceMs,
  })

  sendRequest()
  const finished = finish()
  return {
    get pid() { return pid },
    kill(by, limitId, reason) {
      if (exit || intent) return
      commanded.add(reason)
      if (pid === null && !harness.warm) return killHard({ by, limitId, reason }, false)
      host.stdin.write(toCommandLine({ c: 'kill', by, limitId, reason }))
      guard.expect(() => killHard({ by, limitId, reason }, false))
    },
    ended: finished,
  }

  function sendRequest(): void {
    const input = Buffer.from(request.inputJson)
    host.stdin.write(toCommandLine({
      c: 'run', nonce: harness.nonce, scriptPath: request.scriptPath, cwd: request.cwd ?? null, largestResult: settings.largestResult,
      deadlines: deadlines.map(({ limitId, by, ns }) => ({ limitId, by, atNs: Number(ns - offset.ns) })),
      os: { ...request.os }, groups: request.os.memoryBytes !== undefined || request.os.processes !== undefined || request.os.cpuShareMillicores !== undefined,
      bytes: input.length,
    }))
    host.stdin.write(input)
  }

  async function finish(): Promise<Awaited<ScriptRun['ended']>> {
    // The supervisor's word comes first; it has nothing to do after that but to end.
    const ended = await Promise.race([host.exited, treeGone])
    guard.stop()
    if (pid !== null && !exit) killGroup(pid)
    await drain([...(exit ? [] : [host.control]), host.report, host.stdout, host.stderr])
    host.release()
    if (pid === null && !intent) {
      const said = output.counted().stderrTail.trim()
      const error = fatal ?? `${request.python.path} ended with ${ended?.signal ?? `exit code ${ended?.code}`} before the script began${said ? `: ${said}` : ''}`
      spans.end('error', sink.runMsOf(nowNs()))
      return { ending: { kind: 'spawn_failed', error, code: null }, output: output.counted() }
    }
    const atMs = exit ? msOf(exit.at) : sink.runMsOf(nowNs())
    const exitFacts = exitOf(exit, atMs - launchedMs)
    const ending = endingOf({ intent, outputJson: report.outputJson, error: report.error, exit: exitFacts })
    if (exit?.stack && ending.kind === 'exited' && exitFacts.signal) emitStack(exit.stack, null, atMs)
    spans.end(statusOfEnding(ending), atMs)
    for (const { name, delta } of exit?.counters ?? []) sink.emit({ type: 'kernel_counter', name, delta })
    const kernel = intent ? null : firedByKernel(request.os, exit)
    if (kernel) { fired.add(kernel.limitId); sink.emit({ type: 'limit_fired', limitId: kernel.limitId, effect: 'acted', passedAtMs: null, action: kernel.action }, atMs) }
    if (pid !== null) sink.emit({ type: 'process_exited', exit: exitFacts, leftovers: exit?.leftovers ?? 0 }, atMs)
    for (const limitId of [...deadlines.map((deadline) => deadline.limitId), ...report.limitsInForce]) {
      if (!fired.has(limitId) && pid !== null) sink.emit({ type: 'limit_disarmed', limitId }, atMs)
    }
    return { ending, output: output.counted() }
  }
}

/** Without the supervisor's word (it was killed) the kernel has killed the script with it: PR_SET_PDEATHSIG. */
function exitOf(exit: ExitMessage | null, wallMs: number): ProcessExit {
  if (!exit) return { exitCode: null, signal: 'SIGKILL', wallMs, cpuMs: null, maxRssBytes: null }
  return {
    exitCode: exit.exitCode, signal: signalName(exit.signal), wallMs,
    cpuMs: exit.cpuNs === null ? null : exit.cpuNs / 1e6, maxRssBytes: exit.maxRss,
  }
}
