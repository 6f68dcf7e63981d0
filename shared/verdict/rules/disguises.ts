import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding } from '../finding.ts'
import { limitFix } from '../fixes.ts'
import { eventEvidence, limitEvidence, limitOf, limitPhrase, lineWords, logEvidence, present } from '../words.ts'
import { addressSpace } from './address-space.ts'
import { armed, errnoOf, linksOf, refusals, surestBehind, textOf, type Guess, type Link } from './error-links.ts'
import { descriptors, disk, fileSize } from './files-refused.ts'

/**
 * Kernel limits in the clothes of a Python error. What a `raise` statement of the script or of a package says is its own word, whatever it
 * looks like: only what Python or native code raised speaks for the kernel, and that may stand behind what was raised instead.
 */
export function disguisesOf(run: Run, event: EventOf<'script_error'>): Finding[] {
  const links = linksOf(event).filter((link) => link.raised !== true)
  const guesses = [fromCpuSignal(run, event), addressSpace(run, event, links), descriptors(run, event, links), fileSize(run, event, links), disk(event, links), processes(run, event, links)]
  return present(guesses).map((guess) => findingOf(run, event, guess))
}

/** The kernel’s SIGXCPU, turned into an error by a handler of the script's own. */
function fromCpuSignal(run: Run, { error }: EventOf<'script_error'>): Guess | null {
  if (error.cpuSignal !== true || !armed(limitOf(run, 'os.cpu_time'))) return null
  const { type, message, errno = null, raised = null } = error
  return { cause: 'os.cpu_time', subject: 'The kernel told your script that its CPU time was used up, and its handler of SIGXCPU ended it', confidence: 0.96, link: { type, message, errno, raised, behind: false } }
}

/** Where the error is raised that says EAGAIN: at what starts a process. A socket that is not ready says the same. */
const starts = /\bfork|_execute_child|posix_spawn|start_new_thread|Popen|\.start\(\)/i

function processes(run: Run, { error }: EventOf<'script_error'>, links: readonly Link[]): Guess | null {
  if (!armed(limitOf(run, 'os.processes')) || refusals(run) === 0) return null
  const link = links.find((candidate) => /can't start new thread/i.test(textOf(candidate)) || candidate.type === 'BlockingIOError' || errnoOf(candidate) === 11 || /Resource temporarily unavailable/i.test(candidate.message))
  if (!link) return null
  const sure = refusals(run) !== null || /can't start new thread/i.test(textOf(link)) || starts.test(error.traceback)
  if (!sure && error.traceback !== '') return null
  return { cause: 'os.processes', subject: 'The script could not start another process or thread', confidence: sure ? 0.95 : 0.8, link }
}

function findingOf(run: Run, event: EventOf<'script_error'>, { cause, subject, confidence, link, known, reading, fix, elsewhere }: Guess): Finding {
  const { error } = event
  const limit = elsewhere === undefined ? limitOf(run, cause) : undefined
  const reached = elsewhere ?? (limit ? limitPhrase(limit, cause) : null)
  const where = error.line === null ? '' : ` on ${lineWords(run, { file: error.file ?? '', line: error.line })}`
  const counted = cause === 'os.processes' ? run.counters.find((counter) => counter.name === 'cgroup.pids.max') : undefined
  return {
    cause, limitId: limit ? cause : null, atMs: event.atMs, confidence: link.behind ? Math.min(confidence, surestBehind) : confidence,
    headline: `${subject}${where}${reached === null ? '' : `: the ${reached} was reached`}.`,
    explanation: present([explanationOf(cause, counted !== undefined), known, link.behind ? `The script raised ${error.type} for it.` : null]).join(' '),
    evidence: present([
      eventEvidence(`${link.type}: ${link.message || '(no message)'}${link.behind ? `, behind ${error.type}: ${error.message}` : ''}${where}`, event), limitEvidence(limit),
      counted && counted.delta > 0 ? eventEvidence(`${counted.name} rose by ${counted.delta}`, counted) : null,
      reading ? { kind: 'reading', text: reading, ref: null } : null, logEvidence(run, /Python script execution/),
    ]),
    fix: fix ? [...fix] : (limit ? limitFix(run, limit) : adviceOf(cause)),
  }
}

function adviceOf(cause: Cause): string[] {
  return [cause === 'os.disk_full' ? 'Free disk space, or write elsewhere: TMPDIR names the place of temporary files.' : 'No os.file_size is set on this run: look at ulimit -f where the service runs, and at the largest file the file system takes.']
}

function explanationOf(cause: Cause, inGroup: boolean): string {
  if (cause === 'os.processes') return inGroup ? 'The control group of the run counts all its processes and threads: those of the script and of what it started.' : 'RLIMIT_NPROC counts all processes and threads of the user, not only those of the script.'
  return explanations[cause] ?? ''
}

const explanations: Partial<Record<Cause, string>> = {
  'os.address_space': 'RLIMIT_AS counts address space that was reserved, used or not: threads (64 MB of arena each), mapped files and libraries count although they need little memory.',
  'os.cpu_time': 'RLIMIT_CPU counts computing, not waiting, in whole seconds: SIGXCPU at the limit, SIGKILL one second later.',
  'os.open_files': 'RLIMIT_NOFILE counts every descriptor of the process: files, sockets, pipes.',
  'os.file_size': 'RLIMIT_FSIZE limits the size of each single file that is written.',
  'os.disk_full': 'The kernel refused to write: no space left on the device.',
}
