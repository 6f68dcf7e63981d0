import { formatBytes } from '../../limits/units.ts'
import type { Run } from '../../run/fold-run.ts'
import type { EventOf } from '../../run/event.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, formatMs, limitEvidence, limitOf, limitPhrase, ownPlaceAt, present, scriptDoing, stackEvidence } from '../words.ts'
import { replacedAt } from '../programs.ts'
import { limitFix } from '../fixes.ts'
import { faulthandlerTimeout, lastWordsOf, saidEvidence } from '../last-words.ts'
import { armed } from './error-links.ts'
import { noMemory, oomKills } from './out-of-memory.ts'

/**
 * A process that ended without a result, without an error it told, and without an intent of ours. Signatures were measured:
 * SIGXCPU = soft CPU limit, SIGKILL at the hard one; SIGKILL with `oom_kill` +1 = OOM killer; SIGXFSZ = file size;
 * a plain SIGKILL is somebody else's until a counter says otherwise.
 */
export const processEndings: Rule<Run> = {
  name: 'process-endings',
  find(run) {
    const event = run.exit
    if (!event || run.scriptError) return []
    if (run.kills.some((kill) => kill.atMs <= event.atMs)) return []
    const { exitCode, signal } = event.exit
    if (run.scriptResult) return exitCode === 0 ? [] : [afterResult(run, event, run.scriptResult)]
    if (signal !== null) return [signaled(run, event, signal)]
    const replaced = exitCode === null ? null : replacedAt(run, event.atMs)
    if (replaced) return [outOfSpace(run, event) ?? afterExec(run, event, replaced)]
    if (exitCode === 0) return [ended(run, event, 'script.exited', 'Your script’s process ended with code 0 before transform() had returned.', 0.95)]
    const gaveUp = exitCode === null ? null : unheard(run, event) ?? outOfSpace(run, event) ?? perhapsCpuTime(run, event)
    if (gaveUp) return [gaveUp]
    if (exitCode !== null) return [byItself(run, event, exitCode)]
    return []
  },
}

/** transform() had returned; what ended the process otherwise than with code 0 came after, and took the answer along. */
function afterResult(run: Run, event: EventOf<'process_exited'>, result: EventOf<'script_result'>): Finding {
  const { exitCode, signal } = event.exit
  const found = signal === null ? byItself(run, event, exitCode ?? 0) : signaled(run, event, signal)
  const late = `transform() had returned after ${formatMs(result.atMs)}: its answer counts only with exit code 0.`
  if (signal !== null) return { ...found, explanation: `${late} ${found.explanation}` }
  return { ...found, headline: `transform() returned, but your script’s process then exited with code ${exitCode}: the answer was dropped.`, explanation: `${late} What ran after it ended the process: a function of atexit, a thread, or a \`__del__\`.`, fix: ['Look for os._exit() and sys.exit() in functions of atexit, threads and `__del__`.'] }
}

/** exec put another program in the place of Python: whatever that returns, transform() never does. */
function afterExec(run: Run, event: EventOf<'process_exited'>, replaced: EventOf<'process_replaced'>): Finding {
  const looks = replaced.by === 'name'
  return {
    ...ended(run, event, 'script.exited', `Your script ${looks ? 'seems to have ' : ''}put ${replaced.program} in the place of Python (exec${looks ? '' : `, seen at ${formatMs(replaced.atMs)}`}), and that program ended with code ${event.exit.exitCode}: transform() could not return.`, looks ? 0.85 : 0.95),
    explanation: 'exec never comes back: the process goes on as the other program, without Python, its stack or its result. No layer of the flow ended it.',
    fix: ['Start the program with subprocess.run() and return its result, instead of os.exec...().'],
  }
}

/** An exit code of a program's own choice, but its last words say that it got no memory, and address space is capped. */
function outOfSpace(run: Run, event: EventOf<'process_exited'>): Finding | null {
  const space = limitOf(run, 'os.address_space')
  if (!space?.value || !space.enforced || space.notEnforced !== null) return null
  const said = lastWordsOf(run)?.text.split('\n').slice(-3).find((line) => noMemory.test(line))
  if (said === undefined) return null
  return {
    ...ended(run, event, 'os.address_space', `Your script’s process gave up for want of memory (exit code ${event.exit.exitCode}): the ${limitPhrase(space, space.id)} was reached.`, 0.88),
    limitId: space.id, fix: limitFix(run, space),
    explanation: `It ended itself after saying "${said.slice(0, 160)}". RLIMIT_AS counts address space that was reserved, used or not; some libraries do not raise MemoryError but end the process.`,
    excludes: [{ cause: 'script.exited', why_not: 'its last words say why it exited' }],
  }
}

/** What the wrapper says on stderr where it has no other way left to say anything (`harness/script.py`). */
const wayClosed = /^cutoff: the script closed the descriptor that carries its result/m

function unheard(run: Run, event: EventOf<'process_exited'>): Finding | null {
  const log = event.exit.exitCode === 70 ? run.logs.find((line) => line.source === 'connector' && wayClosed.test(String(line.fields.stderr ?? ''))) : undefined
  if (!log) return null
  const found = ended(run, event, 'script.exited', 'Your script closed the descriptor that carries its result: what transform() returned, or raised, could not be passed on (exit code 70).', 0.88)
  return {
    ...found,
    explanation: 'Something in the script closes descriptors that are not its own: os.closerange(), or a library that makes daemons. No limit was involved.',
    evidence: [...found.evidence, { kind: 'log', text: 'stderr: cutoff: the script closed the descriptor that carries its result', ref: `log:${log.line}` }],
    fix: ['Close only descriptors that the script has opened itself, or let the library that makes a daemon keep those it inherited.'],
  }
}

/** An exit of its own, at the CPU limit: a handler of SIGXCPU may have ended it, and that leaves no other trace. */
function perhapsCpuTime(run: Run, event: EventOf<'process_exited'>): Finding | null {
  const limit = limitOf(run, 'os.cpu_time')
  const { exitCode, cpuMs } = event.exit
  if (!limit?.value || !armed(limit) || exitCode === null || cpuMs === null || cpuMs < limit.value * 0.9) return null
  const why_not = `${formatMs(cpuMs)} of CPU time were used: a handler of SIGXCPU that exits would look the same`
  return { ...ended(run, event, 'script.exited', exitHeadline(exitCode), 0.7), excludes: [{ cause: 'os.cpu_time', why_not }] }
}

/** It exited with a code: what it said last may tell why. */
function byItself(run: Run, event: EventOf<'process_exited'>, exitCode: number): Finding {
  const found = ended(run, event, 'script.exited', exitHeadline(exitCode), 0.95)
  const words = lastWordsOf(run)
  const given = exitCode === 1 ? faulthandlerTimeout(run) : null
  if (given !== null && words) {
    return {
      ...found, headline: `A timer of the script’s own ended it (exit code 1): faulthandler.dump_traceback_later() was given ${given}${whileAt(run, event)}.`,
      explanation: 'With exit=True it prints where every thread is, and ends the process without asking it. No limit of the flow was involved.',
      evidence: [...found.evidence, saidEvidence(`Timeout (${given})!`, words)],
      fix: ['Give faulthandler.dump_traceback_later() more time, or leave the ending to a limit of the flow.'],
    }
  }
  const line = words?.text.split('\n').at(-1)
  return words && line ? { ...found, evidence: [...found.evidence, saidEvidence(line, words)] } : found
}

function exitHeadline(code: number): string {
  if (code > 128 && code < 160) return `Your script’s process exited with code ${code}; that is an exit, not signal ${code - 128}: nobody killed it.`
  return `Your script’s process exited with code ${code} before transform() had returned.`
}

function signaled(run: Run, event: EventOf<'process_exited'>, signal: string): Finding {
  const cpuLimit = limitOf(run, 'os.cpu_time')
  const { cpuMs } = event.exit
  // RLIMIT_CPU counts whole seconds: the soft limit is rounded up, the hard one is a second later.
  const softMs = cpuLimit?.value ? Math.ceil(cpuLimit.value / 1000) * 1000 : null
  const atCpuLimit = softMs !== null && cpuMs !== null && cpuMs >= softMs * 0.9
  if (softMs !== null && (signal === 'SIGXCPU' ? atCpuLimit : signal === 'SIGKILL' && cpuMs !== null && cpuMs >= softMs + 900)) {
    return {
      ...ended(run, event, 'os.cpu_time', `The kernel killed your script: the ${limitPhrase(cpuLimit, 'os.cpu_time')} of CPU time was used up after ${formatMs(event.atMs)}${whileAt(run, event)}.`, 0.97),
      limitId: 'os.cpu_time', fix: cpuLimit ? limitFix(run, cpuLimit) : [],
      explanation: 'RLIMIT_CPU counts computing, not waiting, in whole seconds: SIGXCPU at the limit, SIGKILL one second later.',
    }
  }
  const outOfMemory = signal === 'SIGKILL' ? killedForMemory(run, event) : null
  if (outOfMemory) return outOfMemory
  if (signal === 'SIGXFSZ') return { ...ended(run, event, 'os.file_size', `The kernel ended your script: it wrote past the ${limitPhrase(limitOf(run, 'os.file_size'), 'os.file_size')}${onLine(run, event)}.`, 0.95), limitId: 'os.file_size', fix: fileSizeFix(run) }
  if (['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGSYS', 'SIGTRAP'].includes(signal)) return crashed(run, event, signal)
  return {
    ...ended(run, event, 'os.killed', `${ownTimers[signal] ? `A signal that the script had asked for itself killed it: ${signal}` : `${signal} killed your script`} at ${formatMs(event.atMs)}${whileAt(run, event)}${ownTimers[signal] ? '' : '; no layer of this flow sent it'}.`, 0.9),
    explanation: `No layer of this flow sent ${signal}, and no kernel counter for memory moved. ${ownTimers[signal] ?? 'Somebody on the machine sent it, or the script itself: both look the same.'}`,
    fix: ownTimers[signal] ? [`Handle ${signal} in the script, or do not ask for it.`] : ['Look for an operator, a supervisor or a script that sends signals: the kernel does not log who sent them.'],
    excludes: [{ cause: 'os.oom_kill', why_not: 'oom_kill did not rise during the run' }, { cause: 'connector.python', why_not: 'the connector writes an intent before it kills; there is none' }],
  }
}

/** Signals that nearly always come from the process's own doing, and from what. */
const ownTimers: Record<string, string> = {
  SIGALRM: 'It comes from a timer of the process’s own (signal.alarm, setitimer) that nothing handles.', SIGVTALRM: 'It comes from a timer of the process’s own (setitimer) that nothing handles.',
  SIGPROF: 'It comes from a timer of the process’s own (setitimer, a profiler) that nothing handles.', SIGPIPE: 'It comes from writing to a pipe or socket that nobody reads any more; Python ignores it unless the script sets it back to its default.',
}

function fileSizeFix(run: Run): string[] {
  const limit = limitOf(run, 'os.file_size')
  return limit?.value ? limitFix(run, limit) : ['Look at ulimit -f where the service runs.']
}

/** SIGKILL alone says nothing about memory; a counter of the kernel that rose does. The one of a control group says whose memory it was. */
function killedForMemory(run: Run, event: EventOf<'process_exited'>): Finding | null {
  const counter = oomKills(run)
  if (!counter) return null
  const ofGroup = !counter.name.startsWith('vmstat')
  const memory = limitOf(run, 'os.memory')
  const ours = ofGroup && memory?.value && memory.enforced ? memory : null
  const words = ours
    ? `The kernel’s OOM killer ended your script: its memory reached the ${limitPhrase(ours, 'os.memory')}${whileAt(run, event)}.`
    : `The OOM killer ended your script${ofGroup ? ' in its cgroup' : ''}: ${counter.name} rose by ${counter.delta}${whileAt(run, event)}.`
  const found = ended(run, event, 'os.oom_kill', words, ofGroup ? 0.97 : 0.85)
  return {
    ...found,
    limitId: ours?.id ?? null,
    explanation: 'SIGKILL alone says nothing about memory; the kernel’s own counter does.',
    evidence: present([found.evidence[0] ?? null, eventEvidence(`${counter.name} rose by ${counter.delta}`, counter), limitEvidence(ours ?? undefined), ...found.evidence.slice(1)]),
    fix: ours ? limitFix(run, ours) : ['Give the container more memory, or hold less in memory at once.'],
  }
}

function crashed(run: Run, event: EventOf<'process_exited'>, signal: string): Finding {
  const space = limitOf(run, 'os.address_space')
  const peak = Math.max(0, ...run.readings.map((reading) => reading.addressSpaceBytes))
  // Native code that does not check malloc dies of the cap as a crash; near the cap that is the likelier reading.
  if (space?.value && space.notEnforced === null && peak > space.value * 0.9) {
    return { ...ended(run, event, 'os.address_space', `Native code crashed (${signal})${onLine(run, event)} at the ${limitPhrase(space, 'os.address_space')}.`, 0.75), limitId: 'os.address_space', fix: limitFix(run, space) }
  }
  // Readings come twenty times a second: what a crash reserved in its last moment, none of them saw.
  const capped = space?.value && space.notEnforced === null && space.enforced
  // One that was taken while it died has nothing left to read.
  const last = run.readings.findLast((reading) => reading.addressSpaceBytes > 0)
  return {
    ...ended(run, event, 'script.crashed', `Your script crashed with ${signal}${onLine(run, event)} at ${formatMs(event.atMs)}.`, capped ? 0.88 : 0.95),
    explanation: present([recursionBehind(run, signal), 'The interpreter or a native library broke; Python could not report an exception. No limit was near, as far as it was measured.']).join(' '),
    ...(capped ? { excludes: [{ cause: 'os.address_space', why_not: `${last ? `${formatBytes(last.addressSpaceBytes)} of ${formatBytes(space.value ?? 0)} were reserved ${formatMs(event.atMs - last.atMs)} before the crash` : 'no reading shows that it was near'}; a run with --limit os.address_space=off tells for sure` }] } : {}),
    fix: ['Look at the last stack and at native libraries; python -X faulthandler prints where it was.'],
  }
}

const deepStack = 50
const fewFunctions = 4

/** A crash in a stack that is the same few functions over and over: they have used up the stack of the thread. */
function recursionBehind(run: Run, signal: string): string | null {
  const frames = run.stack?.frames ?? []
  const functions = new Set(frames.map((frame) => frame.function))
  if (signal !== 'SIGSEGV' || frames.length < deepStack || functions.size > fewFunctions) return null
  return `Its last stack is ${[...functions].join(', ')} over and over: recursion that used up the thread’s stack before Python could raise RecursionError (sys.setrecursionlimit, or calls from one C function into the next).`
}

/** ", while it was asleep on line 9"; nothing where no stack tells. */
function whileAt(run: Run, event: EventOf<'process_exited'>): string {
  const replaced = replacedAt(run, event.atMs)
  if (replaced) return `, when its process had become ${replaced.program} (exec)`
  return ownPlaceAt(run, event.atMs) ? `, while ${scriptDoing(run, event.atMs).replace('your script', 'it')}` : ''
}

/** " on line 9", for what a line did itself. A sample from before does not tell which line that was. */
function onLine(run: Run, event: EventOf<'process_exited'>): string {
  const replaced = replacedAt(run, event.atMs)
  if (replaced) return `, when its process had become ${replaced.program} (exec),`
  const place = ownPlaceAt(run, event.atMs)
  return place?.reason === 'cut' ? ` on ${place.words}` : ''
}

function ended(run: Run, event: EventOf<'process_exited'>, cause: Cause, headline: string, confidence: number): Finding {
  const { exitCode, signal, cpuMs, maxRssBytes } = event.exit
  const usage = [cpuMs === null ? null : `CPU ${formatMs(cpuMs)}`, maxRssBytes === null ? null : `peak ${Math.round(maxRssBytes / 1024 ** 2)} MB resident`].filter((part) => part !== null).join(', ')
  return {
    cause, limitId: null, atMs: event.atMs, confidence, headline,
    explanation: 'The process ended without a result, and no layer of the flow had asked for it.',
    evidence: present([eventEvidence(`process ended: ${signal ?? `exit code ${exitCode}`}${usage ? ` (${usage})` : ''}`, event), limitEvidence(limitOf(run, cause)), stackEvidence(run, event.atMs)]),
    fix: cause === 'script.exited' ? ['Return from transform() instead of calling exit(), sys.exit() or os._exit().'] : [],
  }
}
