import type { LayerId } from '../../shared/flow/layers.ts'
import type { ProcessExit } from '../../shared/run/event.ts'
import { clockOffset, nowNs } from './clock.ts'
import { deadlineGuard } from './deadline-guard.ts'
import { killGroup, killProcess } from './harness-process.ts'
import { toCommandLine, type ExitMessage } from './messages.ts'
import { firedByKernel, needsGroups } from './os-limits.ts'
import type { ReadyHarness } from './ready-harness.ts'
import { collectFacts, startProblem } from './run-facts.ts'
import { signalName, type Intent } from './script-ending.ts'
import { drain } from './script-output.ts'
import type { ScriptRequest, ScriptRun, ScriptSink } from './script-run.ts'

/** An answer to a kill takes a few ms; after this the supervisor is taken to be stopped and is woken, and after as long again killed. */
const supervisorPatienceMs = 1000
/** From its word that it kills to the end of the tree: it gives up on processes that will not die after 3 s. */
const treePatienceMs = 6000

export interface RunSettings { harnessFolder: string; largestResult: number; stackPatienceMs: number }

/** Runs one script under a supervisor, which holds the deadlines. See `ScriptRun` for what the result promises. */
export function superviseRun(harness: ReadyHarness, request: ScriptRequest, sink: ScriptSink, settings: RunSettings, launchedNs: bigint): ScriptRun {
  const { process: host, nonce, warm, offset } = harness
  const msOf = (ns: number): number => sink.runMsOf(BigInt(ns) + offset.ns)
  const facts = collectFacts({ host, nonce, warm, request, sink, launchedNs, msOf, harnessFolder: settings.harnessFolder })
  const commanded = new Set<string>()
  let exit: ExitMessage | null = null
  let fatal: string | null = null
  let sawExit = (): void => {}
  const treeGone = new Promise<void>((resolve) => { sawExit = resolve })

  harness.onControl((message) => {
    switch (message.e) {
      case 'ready': offset.ns = clockOffset(launchedNs, BigInt(message.now), nowNs()); return
      case 'started': facts.started(message.pid); return
      case 'intent': {
        const cause = { by: message.by as LayerId, limitId: message.limitId, reason: message.reason }
        facts.intend(cause, message.signal, !commanded.has(message.reason), msOf(message.at))
        guard.expect(treePatienceMs, () => killHard(cause, false))
        return
      }
      case 'stack': facts.stack(message); return
      case 'samples': case 'stacks_off': facts.stackFact(message); return
      case 'reading': facts.reading(message); return
      case 'replaced': facts.replaced(message); return
      case 'children': facts.children(message); return
      case 'os_limit': facts.osLimit(message); return
      case 'exited': exit = message; sawExit(); return
      case 'fatal': fatal = message.error; return
      case 'usage': case 'clock': case 'prepared': return
    }
  })

  /** Without the supervisor: it has not started yet, or does not answer. */
  const killHard = (cause: Intent, own: boolean): void => {
    if (exit) return
    if (!facts.intent) facts.intend(cause, 'SIGKILL', own, sink.runMsOf(nowNs()))
    if (facts.pid !== null) killGroup(facts.pid)
    killGroup(host.pid)
    killProcess(host.pid)
  }
  const wakeThenKillHard = (cause: Intent, own: boolean): void => {
    try { process.kill(host.pid, 'SIGCONT') } catch { /* gone */ }
    guard.expect(supervisorPatienceMs, () => { if (!facts.intent) killHard(cause, own) })
  }
  const guard = deadlineGuard(facts.deadlines, {
    // Until the supervisor has the deadlines they are held here.
    passed: ({ by, limitId }) => {
      if (facts.pid !== null) return false
      killHard({ by, limitId, reason: 'deadline passed while Python was starting' }, true)
      return true
    },
    overdue: ({ by, limitId }) => { if (!facts.intent) wakeThenKillHard({ by, limitId, reason: 'deadline passed, the supervisor did not answer' }, true) },
    patienceMs: supervisorPatienceMs,
  })

  const input = Buffer.from(request.inputJson)
  host.stdin.write(toCommandLine({
    c: 'run', nonce, scriptPath: request.scriptPath, cwd: request.cwd ?? null, largestResult: request.largestResultBytes ?? settings.largestResult, bytes: input.length,
    deadlines: facts.deadlines.map(({ limitId, by, ns }) => ({ limitId, by, atNs: Number(ns - offset.ns) })),
    os: { ...request.os }, groups: needsGroups(request.os), stacks: request.stacks,
  }))
  host.stdin.write(input)

  return {
    get pid() { return facts.pid },
    kill(by, limitId, reason) {
      if (exit || facts.intent) return
      if (facts.pid === null && !warm) return killHard({ by, limitId, reason }, false)
      commanded.add(reason)
      host.stdin.write(toCommandLine({ c: 'kill', by, limitId, reason }))
      guard.expect(supervisorPatienceMs, () => { if (!facts.intent) wakeThenKillHard({ by, limitId, reason }, false) })
    },
    ended: finish(),
  }

  async function finish(): Promise<Awaited<ScriptRun['ended']>> {
    // The supervisor's word comes first; it has nothing to do after that but to end.
    const ended = await Promise.race([host.exited, treeGone])
    guard.stop()
    if (facts.pid !== null && !exit) killGroup(facts.pid)
    await drain([...(exit ? [] : [host.control]), host.report, ...host.output.streams])
    host.release()
    const atMs = exit ? msOf(exit.at) : sink.runMsOf(nowNs())
    if (facts.pid === null && !facts.intent) {
      return facts.neverStarted(fatal ?? startProblem(request.python.path, ended ?? { code: null, signal: null }, facts.output.counted().stderrTail), atMs)
    }
    return facts.conclude({
      exit: exitOf(exit, atMs - facts.launchedMs), atMs, leftovers: exit?.leftovers ?? 0, counters: exit?.counters ?? [],
      crashStack: exit?.stack ?? '', kernel: firedByKernel(request.os, exit), name: exit?.name ?? null, supervisorFault: fatal,
    })
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
