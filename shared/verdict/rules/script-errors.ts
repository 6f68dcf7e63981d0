import type { EventOf, ScriptError } from '../../run/event.ts'
import { formatBytes } from '../../limits/units.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, formatMs, limitEvidence, limitOf, limitPhrase, logEvidence, present } from '../words.ts'
import { limitFix } from '../fixes.ts'

/** An error the script raised, and the kernel limits that hide behind Python's errors. */
export const scriptErrors: Rule<Run> = {
  name: 'script-errors',
  find(run) {
    const event = run.scriptError
    // An error that came after our own kill is its echo (KeyboardInterrupt on SIGTERM, a closed pipe).
    if (!event || run.kills.some((kill) => kill.atMs <= event.atMs)) return []
    const hidden = disguises(run, event)
    // The error itself is only what the limit looks like from inside.
    const sure = Math.max(0, ...hidden.map((finding) => finding.confidence))
    const asItStands = plain(run, event)
    return [...hidden, { ...asItStands, confidence: sure > 0 ? 1 - sure : asItStands.confidence }]
  },
}

/** Kernel limits in the clothes of a Python error. */
function disguises(run: Run, event: EventOf<'script_error'>): Finding[] {
  const { error } = event
  const text = `${error.type}: ${error.message}\n${error.traceback}`
  const found: Finding[] = []
  const space = limitOf(run, 'os.address_space')
  if (space && armed(space)) {
    const peak = Math.max(0, ...run.readings.map((reading) => reading.addressSpaceBytes))
    const near = space.value !== null && peak > space.value * 0.7
    if (error.type === 'MemoryError' || /failed to map segment|Cannot allocate memory|\[Errno 12\]/i.test(text)) {
      found.push(limited(run, event, 'os.address_space', 'Python ran out of address space', 0.97, near ? `address space peaked at ${formatBytes(peak)}` : null))
    } else if (/can't start new thread/i.test(text)) {
      const alsoProcesses = armed(limitOf(run, 'os.processes'))
      found.push(limited(run, event, 'os.address_space', 'Python ran out of address space for another thread’s stack', alsoProcesses ? 0.6 : near ? 0.95 : 0.85, null))
    } else if (error.type === 'SystemError' && /without exception set/.test(error.message)) {
      found.push(limited(run, event, 'os.address_space', 'Python ran out of address space where it could not even raise MemoryError', near ? 0.9 : 0.6, near ? `address space peaked at ${formatBytes(peak)}` : null))
    } else if (error.type === 'KeyboardInterrupt' && near) {
      found.push(limited(run, event, 'os.address_space', 'A library ran out of address space (OpenBLAS then raises KeyboardInterrupt)', 0.8, `address space peaked at ${formatBytes(peak)}`))
    }
  }
  const errno = error.errno ?? Number(/\[Errno (\d+)\]/.exec(text)?.[1] ?? Number.NaN)
  if (errno === 24 && armed(limitOf(run, 'os.open_files'))) found.push(limited(run, event, 'os.open_files', 'The script ran out of file descriptors', 0.97, null))
  if (errno === 27) found.push(limited(run, event, 'os.file_size', 'The script wrote a file larger than allowed', armed(limitOf(run, 'os.file_size')) ? 0.97 : 0.85, null))
  if (errno === 28) found.push(limited(run, event, 'os.disk_full', 'The disk is full', 0.95, null))
  const noProcess = error.type === 'BlockingIOError' || errno === 11 || /can't start new thread|Resource temporarily unavailable/i.test(text)
  if (noProcess && armed(limitOf(run, 'os.processes'))) found.push(limited(run, event, 'os.processes', 'The script could not start another process or thread', 0.95, null))
  return found
}

function armed(limit: { value: number | null; enforced: boolean; notEnforced: string | null } | undefined): boolean {
  return limit !== undefined && limit.value !== null && limit.enforced && limit.notEnforced === null
}

function limited(run: Run, event: EventOf<'script_error'>, cause: Cause, subject: string, confidence: number, reading: string | null): Finding {
  const { error } = event
  const limit = limitOf(run, cause)
  const where = error.line === null ? '' : ` on line ${error.line}`
  return {
    cause, limitId: limit ? cause : null, atMs: event.atMs, confidence,
    headline: `${subject}${where}${limit ? `: the ${limitPhrase(limit, cause)} was reached` : ''}.`,
    explanation: explanations[cause] ?? '',
    evidence: present([
      eventEvidence(`${error.type}: ${error.message || '(no message)'}${where}`, event), limitEvidence(limit),
      reading ? { kind: 'reading', text: reading, ref: null } : null, logEvidence(run, /Python script execution/),
    ]),
    fix: limit ? limitFix(run, limit) : ['Free disk space, or write elsewhere: TMPDIR names the place of temporary files.'],
  }
}

const explanations: Partial<Record<Cause, string>> = {
  'os.address_space': 'RLIMIT_AS counts address space that was reserved, used or not: threads (64 MB of arena each), mapped files and libraries count although they need little memory.',
  'os.open_files': 'RLIMIT_NOFILE counts every descriptor of the process: files, sockets, pipes.',
  'os.processes': 'RLIMIT_NPROC counts all processes and threads of the user, not only those of the script.',
  'os.file_size': 'RLIMIT_FSIZE limits the size of each single file that is written.',
  'os.disk_full': 'The kernel refused to write: no space left on the device.',
}

const phaseCause: Record<ScriptError['phase'], Cause> = {
  read: 'script.not_accessible', compile: 'script.syntax', import: 'script.import', find_transform: 'script.no_transform', transform: 'script.exception', serialise: 'script.bad_output',
}

/** The error as it stands. */
function plain(run: Run, event: EventOf<'script_error'>): Finding {
  const { error } = event
  const cause: Cause = error.type === 'OutputLimit' ? 'script.output_limit' : error.type === 'SystemExit' ? 'script.exited' : phaseCause[error.phase]
  const where = error.line === null ? '' : ` on line ${error.line}`
  const limit = cause === 'script.output_limit' ? limitOf(run, 'connector.output') : undefined
  const ofChild = /(?:^|\.)CalledProcessError$/.test(error.type) && run.limits.some((candidate) => candidate.id.startsWith('os.') && armed(candidate))
  const said = `${error.type}${error.message ? `: ${firstLine(error.message)}` : ''}`
  return {
    cause, limitId: limit?.id ?? null, atMs: event.atMs, confidence: ofChild ? 0.85 : 0.98,
    headline: headlineOf(cause, where, said, error),
    explanation: ofChild ? 'A child process of the script failed, and what ended it is not known here: the limits of the script hold for its children as well (os.address_space, os.open_files...), and their errors are in the child’s own output.' : cause === 'script.output_limit' ? `transform() returned after ${formatMs(event.atMs)}; what it returned was larger than ${limit?.value ? `the ${limitPhrase(limit, limit.id)} (connector.output)` : 'the connector takes'}, so it was dropped. No time limit was involved.` : present([`No limit was involved: the script ended by itself after ${formatMs(event.atMs)}.`, detailOf(cause, error)]).join(' '),
    evidence: present([eventEvidence(`${said}${where}`, event), limitEvidence(limit), logEvidence(run, /Python script execution|Script file not accessible/)]),
    fix: [...(limit?.value ? limitFix(run, limit).slice(0, 1) : []), ...fixOf(cause, error)],
  }
}

/** What the wrapper noted beside the error: the line's text, or where in the result the fault is (the headline has that). */
function detailOf(cause: Cause, { detail, line }: ScriptError): string | null {
  if (!detail || cause === 'script.bad_output') return null
  return line !== null && ['script.exception', 'script.import', 'script.syntax', 'script.exited'].includes(cause) ? `Line ${line} reads: ${firstLine(detail).trim()}` : `${firstLine(detail)}.`
}

function headlineOf(cause: Cause, where: string, said: string, error: ScriptError): string {
  switch (cause) {
    case 'script.syntax': return `Your script does not parse${where}: ${said}.`
    case 'script.import': return `Your script failed while it was being loaded${where}: ${said}.`
    case 'script.no_transform': return `Your script has no usable transform(): ${firstLine(error.message)}.`
    case 'script.bad_output': return `Your script returned what JSON cannot hold${error.detail ? ` at ${firstLine(error.detail)}` : ''}: ${said}.`
    case 'script.output_limit': return `Your script returned more than can be passed on: ${firstLine(error.message)}.`
    case 'script.exited': return `Your script ended its own process${where}: ${said}.`
    case 'script.not_accessible': return `The script file cannot be read: ${firstLine(error.message)}.`
    default: return `Your script raised ${said}${where}.`
  }
}

function fixOf(cause: Cause, error: ScriptError): string[] {
  switch (cause) {
    case 'script.syntax': return [`Mend line ${error.line ?? '?'}: the parser stopped there.`]
    case 'script.no_transform': return ['Define def transform(input_data): with one positional argument at the top level of the script.']
    case 'script.import': return error.type === 'ModuleNotFoundError' ? ['Install the module for the interpreter that runs the script, or put a .venv beside it.'] : [`Look at line ${error.line ?? '?'}: code at the top level runs at every request.`]
    case 'script.bad_output': return ['Return only dict, list, str, int, float (no NaN), bool and None; turn other values into strings first.']
    case 'script.exited': return ['Return from transform() instead of calling exit(), sys.exit() or os._exit().']
    case 'script.not_accessible': return ['Check the path and its permissions for the user that runs the service.']
    case 'script.output_limit': return ['Return less, or hand back a reference to where the data is.']
    default: return [`Look at line ${error.line ?? '?'}; the traceback tells how it got there.`]
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/\.$/, '')
}
