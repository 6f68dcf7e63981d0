import { pythonErrorSign } from './python-errors.ts'
import { named, pictureOf, type Picture } from './picture.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { ProcessView } from './view.ts'
import { counted } from '../../text/counted.ts'

/** What a connector's record of its child process proves. */
export function processPicture(view: ProcessView): Picture {
  const picture = notStarted(view) ?? connectorActed(view) ?? connectorStopped(view) ?? sentBySomebody(view) ?? crashed(view) ?? said(view) ?? killed(view) ?? coded(view) ?? ended(view)
  return { ...picture, atMs: picture.atMs ?? view.exitMs, product: picture.product ?? 'Python' }
}

function notStarted(view: ProcessView): Picture | null {
  const error = view.spawnError
  if (!error) return null
  if (/Errno 13|EACCES|Permission denied|Exec format|ENOEXEC|Errno 8\b/.test(error)) return pictureOf({ saw: `the process could not be started: ${error}`, candidates: ['python.unusable', 'script.not_accessible'], lead: { cause: 'python.unusable', confidence: 0.88 } })
  if (/Errno 11|EAGAIN|Resource temporarily/.test(error)) return named('os.processes', 0.92, `the process could not be started: ${error}`)
  if (/Errno 12|ENOMEM|Cannot allocate/.test(error)) return named('os.address_space', 0.85, `the process could not be started: ${error}`)
  if (/Errno 24|EMFILE|ENFILE|Too many open/.test(error)) return named('os.open_files', 0.92, `the process could not be started: ${error}`)
  if (/Errno 7\b|E2BIG|Argument list too long/.test(error)) return pictureOf({ saw: `the process could not be started: ${error}`, candidates: ['script.not_accessible', 'python.unusable'], lead: { cause: 'script.not_accessible', confidence: 0.6 } })
  if (!/Errno 2\b|ENOENT|No such file|not found/.test(error)) return pictureOf({ saw: `the process could not be started: ${error}`, candidates: ['python.unusable', 'python.not_found', 'script.not_accessible'] })
  const path = /'([^']+)'/.exec(error)?.[1] ?? /spawn (\S+)/.exec(error)?.[1] ?? ''
  if (/\.py$/.test(path)) return pictureOf({ saw: `ENOENT for the script ${path}: it is missing, or its #! line names an interpreter that does not exist`, candidates: ['python.not_found', 'script.not_accessible'], lead: { cause: 'python.not_found', confidence: 0.65 } })
  if (/^spawn /.test(error) && /python[\d.]*$/.test(path)) return pictureOf({ saw: `${path} could not be started: it, or the working directory, does not exist`, candidates: ['python.not_found', 'script.not_accessible'], lead: { cause: 'python.not_found', confidence: 0.85 } })
  if (/python[\d.]*$/.test(path)) return named('python.not_found', 0.95, `the interpreter ${path} does not exist`)
  return pictureOf({ saw: `${path} does not exist: a working directory or a program`, candidates: ['script.not_accessible', 'python.not_found'], lead: { cause: 'script.not_accessible', confidence: 0.65 } })
}

/** The connector's own event is the best witness of who killed. */
function connectorActed(view: ProcessView): Picture | null {
  const act = view.events.find((event) => /timeout|timed out|deadline/i.test(event.text))
  if (!act) return null
  if (view.exitCode === 0 && view.stdoutBytes > 0 && (view.exitMs ?? 0) > (act.ms ?? 0) + 100) return named('none', 0.85, `the connector’s limit passed (${act.text}) and had no effect: the script finished`, { atMs: act.ms })
  const context = /context/i.test(act.text)
  const lead = context ? 'connector.context' as const : 'connector.python' as const
  const doing = waitingWords(view, act.waiting)
  // A pool's parent that waits on a lock with its children gone: the reason may be an OOM kill of a child.
  const poolHangs = /futex/.test(act.waiting ?? '') && (view.maxRssMb ?? 0) >= 32
  return pictureOf({ saw: `the connector ended the script at ${act.ms ?? '?'} ms (${act.text})${doing}`, candidates: poolHangs ? [lead, 'os.oom_kill'] : [lead], lead: { cause: lead, confidence: poolHangs ? 0.75 : 0.94 }, atMs: act.ms, directive: 'timeout' })
}

/** What else a connector ends a script for, by its own words. */
const otherActs: { pattern: RegExp; cause: Cause; saw: string; directive?: string }[] = [
  { pattern: /client (?:gone|left|closed|disconnected|aborted)|cancel(?:l?ed)\b|request aborted/i, cause: 'client.canceled', saw: 'because its request was given up' },
  { pattern: /(?:output|stdout|stderr|maxBuffer|bytes|size)\b.{0,40}(?:limit|exceed|too (?:large|much|long|big))|(?:limit|too (?:large|much|long|big)).{0,40}(?:output|stdout|stderr|bytes)/i, cause: 'script.output_limit', saw: 'because it wrote more than is taken', directive: 'maxBuffer' },
  { pattern: /(?:memory|rss)\b.{0,40}(?:limit|exceed|too)/i, cause: 'os.oom_kill', saw: 'because it used more memory than it may' },
  { pattern: /shut(?:ting)? ?down|stopping|restart|deploy/i, cause: 'gateway.stopped', saw: 'because the gateway itself was stopping' },
]

function connectorStopped(view: ProcessView): Picture | null {
  for (const event of view.events) {
    const act = event.text.includes('connector') ? otherActs.find(({ pattern }) => pattern.test(event.text)) : undefined
    if (act && view.exitCode !== 0) return named(act.cause, 0.92, `the connector ended the script at ${event.ms ?? '?'} ms ${act.saw} (${event.text})`, { atMs: event.ms, directive: act.directive ?? null })
  }
  return null
}

function waitingWords(view: ProcessView, waiting: string | null): string {
  if (!waiting || waiting === '0') return (view.cpuS ?? 0) > 0 && waiting === '0' ? ', while it was computing' : ''
  const words: [RegExp, string][] = [[/pipe_write/, ', while it waited for somebody to read its output (a full pipe)'], [/pipe_read/, ', while it waited for input that never ended'], [/nanosleep|hrtimer/, ', while it slept'], [/futex/, ', while it waited for a lock'], [/sk_wait|tcp|inet|poll|epoll|select/, ', while it waited for the network'], [/do_wait/, ', while it waited for a child']]
  return words.find(([pattern]) => pattern.test(waiting))?.[1] ?? ''
}

/** A signal somebody is recorded to have sent, without a limit being named. */
function sentBySomebody(view: ProcessView): Picture | null {
  const act = view.events.find((event) => /sent SIG\w+|signal/i.test(event.text))
  const signal = /SIG\w+/.exec(act?.text ?? '')?.[0]
  if (!act || !signal) return null
  if (view.exitCode === 0) return named('none', 0.88, `${signal} was sent and had no effect: the script finished`, { atMs: act.ms })
  return pictureOf({ saw: `${signal} was sent at ${act.ms ?? '?'} ms; no limit is named with it`, candidates: [...(['os.killed', 'connector.python', 'connector.context', 'client.canceled'] as const), ...(signal === 'SIGKILL' ? (['os.oom_kill', 'os.cpu_time'] as const) : signal === 'SIGXCPU' ? (['os.cpu_time'] as const) : [])], lead: { cause: 'os.killed', confidence: 0.7 }, atMs: act.ms, need: killNeed })
}

function crashed(view: ProcessView): Picture | null {
  if (/^SIG(?:SEGV|BUS|ILL|FPE|ABRT|SYS|TRAP)$/.test(view.signal ?? '') || [139, 134, 135, 132, 136].includes(view.exitCode ?? 0)) {
    const sign = pythonErrorSign(view.stderr)
    if (sign && sign.cause.startsWith('os.')) return pictureOf({ saw: `${view.signal ?? `exit code ${view.exitCode}`}; standard error: ${sign.means}`, candidates: [sign.cause, 'script.crashed'], lead: { cause: sign.cause, confidence: 0.8 } })
    // A crash that says something is the program's own; without a word the same signal may have been sent.
    if (view.stderr.trim() !== '') return named('script.crashed', 0.93, `the process crashed (${view.signal ?? `exit code ${view.exitCode}`})`)
    return pictureOf({ saw: `the process crashed (${view.signal ?? `exit code ${view.exitCode}`}), or was sent that signal`, candidates: ['script.crashed', 'os.killed'], lead: { cause: 'script.crashed', confidence: 0.85 }, need: [{ what: 'whether the kernel saw a fault', how: 'journalctl -k --since "-1 h" | grep -i "segfault\\|traps:" | cutoff diagnose - --saw observation.json' }] })
  }
  if (view.signal === 'SIGXFSZ' || view.exitCode === 153) return named('os.file_size', 0.93, 'SIGXFSZ: a file reached the size limit', { directive: 'RLIMIT_FSIZE' })
  if (view.signal === 'SIGXCPU' || view.exitCode === 152) return (view.cpuS ?? 0) >= 0.8 ? named('os.cpu_time', 0.93, `SIGXCPU after ${view.cpuS} s of CPU: the CPU time limit`, { directive: 'RLIMIT_CPU' }) : pictureOf({ saw: 'SIGXCPU after hardly any CPU time: somebody sent it', candidates: ['os.killed', 'os.cpu_time'], lead: { cause: 'os.killed', confidence: 0.7 } })
  return null
}

/** Standard error of a process that ended with an error. */
function said(view: ProcessView): Picture | null {
  if (view.exitCode === 0 && !/BrokenPipeError/.test(view.stderr)) return null
  // `timeout` gives 124 whatever its signal made the script say.
  if (view.exitCode === 124) return null
  if (/^Killed\s*$/m.test(view.stderr.slice(-40))) return null
  const sign = pythonErrorSign(view.stderr)
  if (!sign) return null
  // An exception nobody caught ends Python by an exit code: who ended by a signal had caught and printed it before.
  if (endedBySignal(view) && sign.cause !== 'os.killed' && !/Fatal Python error/.test(view.stderr)) return null
  const last = view.stderr.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? ''
  return pictureOf({ saw: `${endOf(view)}; standard error ends with "${last}": ${sign.means}`, candidates: [sign.cause, ...(sign.orElse ?? [])], lead: { cause: sign.cause, confidence: sign.confidence }, directive: sign.directive, need: sign.cause === 'os.oom_kill' ? killNeed : [] })
}

function endedBySignal(view: ProcessView): boolean {
  return view.signal !== null || (view.exitCode !== null && view.exitCode > 128 && view.exitCode < 160)
}

function killed(view: ProcessView): Picture | null {
  const kill = view.signal === 'SIGKILL' || view.exitCode === 137
  if (kill) {
    const throughShell = view.exitCode === 137 && /Killed/.test(view.stderr)
    const burnt = (view.cpuS ?? 0) >= 0.9 && (view.exitMs ?? 0) > 0 && (view.cpuS ?? 0) * 1000 > (view.exitMs ?? 0) * 0.7
    return pictureOf({
      saw: `SIGKILL${throughShell ? ' (exit code 137 through a shell)' : ''}: who sent it is not said`,
      candidates: burnt ? ['os.cpu_time', 'os.killed', 'connector.python', 'connector.context', 'wrapper.timeout', 'client.canceled', 'os.oom_kill'] : ['connector.python', 'connector.context', 'wrapper.timeout', 'os.oom_kill', 'os.killed', 'client.canceled', 'os.cpu_time'],
      need: killNeed,
    })
  }
  if (view.signal === 'SIGTERM' || view.exitCode === 143) return pictureOf({ saw: 'SIGTERM: who sent it is not said', candidates: ['connector.python', 'connector.context', 'wrapper.timeout', 'client.canceled', 'os.killed', 'gateway.stopped'], need: killNeed })
  if (view.signal === 'SIGINT' || view.exitCode === 130) return pictureOf({ saw: 'SIGINT: who sent it is not said', candidates: ['os.killed', 'client.canceled', 'connector.python', 'connector.context'], lead: { cause: 'os.killed', confidence: 0.6 }, need: killNeed })
  if (/^SIG(?:ALRM|VTALRM|PROF)$/.test(view.signal ?? '') || view.exitCode === 142) return pictureOf({ saw: `${view.signal ?? 'SIGALRM'}: an alarm that the script, or a wrapper around it, had set for itself`, candidates: ['wrapper.timeout', 'script.exited', 'os.killed'], need: killNeed })
  if (view.signal !== null) return pictureOf({ saw: `ended by ${view.signal}`, candidates: ['os.killed', 'connector.python', 'connector.context', 'client.canceled', 'wrapper.timeout'], lead: { cause: 'os.killed', confidence: 0.6 }, need: killNeed })
  return null
}

function coded(view: ProcessView): Picture | null {
  switch (view.exitCode) {
    case 124: return pictureOf({ saw: 'exit code 124, as coreutils `timeout` gives it', candidates: ['wrapper.timeout', 'connector.python', 'script.exited'], lead: { cause: 'wrapper.timeout', confidence: 0.85 }, directive: 'timeout' })
    case 127: return pictureOf({ saw: 'exit code 127: a program was not found', candidates: ['python.not_found', 'python.unusable', 'script.exited'], lead: { cause: 'python.not_found', confidence: 0.8 } })
    case 126: return pictureOf({ saw: 'exit code 126: a program could not be executed', candidates: ['python.unusable', 'script.not_accessible'], lead: { cause: 'python.unusable', confidence: 0.85 } })
    case 120: return pictureOf({ saw: 'exit code 120: Python could not flush its output', candidates: ['script.exception', 'script.bad_output', 'script.exited'], lead: { cause: 'script.exception', confidence: 0.7 } })
    case null: return null
    case 0: return null
    default: return childKilled(view) ?? pictureOf({ saw: `exit code ${view.exitCode} ${view.stderr.trim() === '' ? 'without a word on standard error' : 'and nothing on standard error that is known'}`, candidates: ['script.exited', 'script.exception'], lead: { cause: 'script.exited', confidence: 0.85 } })
  }
}

/** The script says itself that a child of it was killed. */
function childKilled(view: ProcessView): Picture | null {
  if (!/SIGKILL|signal 9\b|(?:code|status|with|returned)[ :=]*(?:-9|137)\b/i.test(view.stderr)) return null
  return pictureOf({ saw: `${endOf(view)}; the script reports a child that was killed by SIGKILL`, candidates: ['script.exited', 'os.oom_kill', 'os.killed', 'script.exception'], lead: { cause: 'os.oom_kill', confidence: 0.6 }, need: killNeed })
}

/** Exit code 0: whether there is an answer, and whether it is one JSON value. */
function ended(view: ProcessView): Picture {
  if (view.stdoutBytes === 0) return pictureOf({ saw: `exit code 0 and not a byte of output`, candidates: ['script.bad_output', 'script.exited', 'none'], lead: { cause: 'script.bad_output', confidence: 0.6 }, need: [{ what: 'whether the script prints its answer and flushes it', how: 'python3 script.py < input.json | od -c | head' }] })
  if (view.stdoutBytes > view.stdout.length || isJson(view.stdout)) return named('none', 0.93, `exit code 0 after ${view.exitMs ?? '?'} ms, with ${counted(view.stdoutBytes, 'byte')} of output`)
  // What begins as JSON and does not end was cut off by the script's own end (os._exit, a killed writer).
  if (/^\s*[{[]/.test(view.stdout) && !/[}\]]\s*$/.test(view.stdout)) return pictureOf({ saw: 'exit code 0, and the output ends in the middle of a JSON value', candidates: ['script.bad_output', 'script.exited', 'os.disk_full'], lead: { cause: 'script.bad_output', confidence: 0.7 } })
  return pictureOf({ saw: 'exit code 0, but the output is not one JSON value', candidates: ['script.bad_output'], lead: { cause: 'script.bad_output', confidence: 0.92 } })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function endOf(view: ProcessView): string {
  return view.signal ?? `exit code ${view.exitCode ?? '?'}`
}

const killNeed = [{ what: 'kills for memory in the cgroup', how: 'cat /sys/fs/cgroup/<group>/memory.events | cutoff diagnose - --saw observation.json' }, { what: 'the kernel’s OOM lines', how: 'journalctl -k --since "1 hour ago" | grep -iE "oom|killed process"' }]
