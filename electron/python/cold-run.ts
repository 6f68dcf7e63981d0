import { clockOffset, nowNs } from './clock.ts'
import { deadlineGuard } from './deadline-guard.ts'
import { endLeftovers, endTree, leftInGroup } from './end-tree.ts'
import { toCommandLine, type ControlMessage } from './messages.ts'
import type { ReadyHarness } from './ready-harness.ts'
import { collectFacts, startProblem } from './run-facts.ts'
import type { Intent } from './script-ending.ts'
import { drain } from './script-output.ts'
import type { ScriptRequest, ScriptRun, ScriptSink } from './script-run.ts'
import type { RunSettings } from './supervised-run.ts'

/** A wrapper that ends its script asks first; one that does not listen is killed after this. */
const termGraceMs = 250

/**
 * Runs one script without a supervisor: the deadlines are timers of this process, the script is the process started. What leaves its
 * process group (or, on Windows, outlives it) cannot be found. Used where the supervisor cannot be: macOS and Windows.
 */
export function runCold(harness: ReadyHarness, request: ScriptRequest, sink: ScriptSink, settings: RunSettings, launchedNs: bigint): ScriptRun {
  const { process: host, nonce, offset } = harness
  const msOf = (ns: number): number => sink.runMsOf(BigInt(ns) + offset.ns)
  const facts = collectFacts({ host, nonce, warm: false, request, sink, launchedNs, msOf, harnessFolder: settings.harnessFolder })
  let used = { cpuNs: null as number | null, maxRss: null as number | null }
  let gotStack = (): void => {}
  let over = false

  const cut = async (cause: Intent, own: boolean): Promise<void> => {
    if (over || facts.intent) return
    const gentle = cause.by === 'wrapper' && process.platform !== 'win32'
    facts.intend(cause, gentle ? 'SIGTERM' : 'SIGKILL', own, sink.runMsOf(nowNs()))
    if (facts.pid !== null) await lastStack()
    if (!gentle) return endTree(host.pid)
    try { process.kill(host.pid, 'SIGTERM') } catch { /* gone */ }
    setTimeout(() => {
      if (over) return
      facts.intend({ ...cause, reason: `did not end within ${termGraceMs} ms of SIGTERM` }, 'SIGKILL', false, sink.runMsOf(nowNs()))
      void endTree(host.pid)
    }, termGraceMs)
  }
  const lastStack = (): Promise<void> => new Promise((resolve) => {
    const timer = setTimeout(resolve, settings.stackPatienceMs)
    gotStack = () => { clearTimeout(timer); resolve() }
    host.stdin.write(toCommandLine({ c: 'stack', id: 1 }))
  })
  const onReading = (message: Extract<ControlMessage, { e: 'reading' }>): void => {
    facts.reading(message)
    used = { cpuNs: Math.max(used.cpuNs ?? 0, message.cpuNs), maxRss: Math.max(used.maxRss ?? 0, message.rss) }
    const most = request.os.platformMemoryBytes
    if (most !== undefined && message.rss > most) void cut({ by: 'platform', limitId: 'platform.memory', reason: `resident memory ${message.rss} bytes, limit ${most}` }, true)
  }
  harness.onControl((message) => {
    switch (message.e) {
      case 'ready': offset.ns = clockOffset(launchedNs, BigInt(message.now), nowNs()); return
      case 'started':
        facts.started(message.pid)
        if (request.os.platformMemoryBytes !== undefined) facts.osLimit({ e: 'os_limit', id: 'platform.memory', ok: true, reason: null })
        return
      case 'stack': facts.stack(message); gotStack(); return
      case 'reading': onReading(message); return
      case 'os_limit': facts.osLimit(message); return
      case 'usage': used = { cpuNs: message.cpuNs, maxRss: message.maxRss ?? used.maxRss }; return
      case 'samples': case 'stacks_off': case 'exited': case 'intent': case 'fatal': case 'clock': case 'prepared': case 'replaced': case 'children': return
    }
  })
  const guard = deadlineGuard(facts.deadlines, {
    passed: ({ by, limitId }) => { void cut({ by, limitId, reason: 'deadline passed' }, true); return true },
    overdue: () => {},
    patienceMs: 0,
  })

  const input = Buffer.from(request.inputJson)
  host.stdin.write(toCommandLine({
    c: 'run', nonce, scriptPath: request.scriptPath, cwd: request.cwd ?? null, largestResult: request.largestResultBytes ?? settings.largestResult, bytes: input.length,
    deadlines: [], os: { ...request.os }, groups: false, stacks: request.stacks,
  }))
  host.stdin.write(input)

  return {
    get pid() { return facts.pid },
    kill(by, limitId, reason) { void cut({ by, limitId, reason }, false) },
    ended: finish(),
  }

  async function finish(): Promise<Awaited<ScriptRun['ended']>> {
    const ended = await host.exited
    const atMs = sink.runMsOf(nowNs())
    over = true
    guard.stop()
    const leftovers = facts.intent ? 0 : await leftInGroup(host.pid)
    endLeftovers(host.pid)
    await drain([host.control, host.report, ...host.output.streams])
    host.release()
    if (facts.pid === null && !facts.intent) return facts.neverStarted(startProblem(request.python.path, ended, facts.output.counted().stderrTail), atMs)
    return facts.conclude({
      exit: {
        exitCode: ended.signal === null ? ended.code : null, signal: ended.signal, wallMs: atMs - facts.launchedMs,
        cpuMs: used.cpuNs === null ? null : used.cpuNs / 1e6, maxRssBytes: used.maxRss,
      },
      atMs, leftovers, counters: [], crashStack: '', kernel: null, name: null, supervisorFault: null,
    })
  }
}
