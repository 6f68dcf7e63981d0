import { formatBytes } from '../../limits/units.ts'
import type { EventOf, ScriptError } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { limitFix } from '../fixes.ts'
import { deathOfHelper, lastWordsOf } from '../last-words.ts'
import { longToLeave, slowEnd } from '../slow-end.ts'
import { eventEvidence, formatMs, limitEvidence, limitOf, limitPhrase, lineWords, logEvidence, present } from '../words.ts'
import { childEndings } from './child-endings.ts'
import { disguisesOf } from './disguises.ts'
import { isRefusal } from './address-space.ts'
import { armed, linksOf } from './error-links.ts'
import { perhapsDescriptors } from './files-refused.ts'
import { oomKills } from './out-of-memory.ts'
import { askedPhrase, refusalOf } from './refused-memory.ts'

/** An error the script raised, and the kernel limits that hide behind Python's errors. */
export const scriptErrors: Rule<Run> = {
  name: 'script-errors',
  find(run) {
    const event = run.scriptError
    // An error that came after our own kill is its echo (KeyboardInterrupt on SIGTERM, a closed pipe).
    if (!event || run.kills.some((kill) => kill.atMs <= event.atMs)) return []
    const hidden = [...disguisesOf(run, event), ...childEndings(run, event)]
    // The error itself is only what the limit looks like from inside.
    const sure = Math.max(0, ...hidden.map((finding) => finding.confidence))
    const asItStands = plain(run, event)
    const found = [...hidden, { ...asItStands, confidence: sure > 0 ? 1 - sure : asItStands.confidence }]
    return outlived(run, event) ? found.map((finding) => ({ ...finding, weak: true })) : found
  },
}

/** The error was told, its process would not end, and a limit ended it: that is what cut the request. */
function outlived(run: Run, event: EventOf<'script_error'>): boolean {
  const [kill] = run.kills
  return kill !== undefined && kill.atMs > event.atMs + longToLeave && (run.exit === null || run.exit.atMs >= kill.atMs)
}

const phaseCause: Record<ScriptError['phase'], Cause> = {
  read: 'script.not_accessible', compile: 'script.syntax', import: 'script.import', find_transform: 'script.no_transform', transform: 'script.exception', serialise: 'script.bad_output',
}

/** The error as it stands. */
function plain(run: Run, event: EventOf<'script_error'>): Finding {
  const { error } = event
  const cause: Cause = error.type === 'OutputLimit' ? 'script.output_limit' : error.type === 'SystemExit' ? 'script.exited' : phaseCause[error.phase]
  // A place in the library that turns values into JSON says nothing to anybody.
  const place = error.line === null || error.phase === 'serialise' ? null : lineWords(run, { file: error.file ?? run.plan?.script.name ?? '', line: error.line })
  const where = place === null ? '' : ` on ${place}`
  const limit = cause === 'script.output_limit' ? limitOf(run, 'connector.output') : undefined
  const doubt = doubtOf(run, event)
  const said = `${error.type}${error.message ? `: ${firstLine(error.message)}` : ''}`
  return {
    cause, limitId: limit?.id ?? null, atMs: event.atMs, confidence: doubt?.confidence ?? 0.98,
    headline: headlineOf(cause, where, said, error),
    explanation: doubt?.text ?? (cause === 'script.output_limit' ? `transform() returned after ${formatMs(event.atMs)}; what it returned was larger than ${limit?.value ? `the ${limitPhrase(limit, limit.id)} (connector.output)` : 'the connector takes'}, so it was dropped. No time limit was involved.` : present([`No limit of the flow was involved: the script ended by itself after ${formatMs(event.atMs)}.`, slowEnd(run), detailOf(cause, error), behindIt(error), deathOfHelper(run)]).join(' ')),
    evidence: present([eventEvidence(`${said}${where}`, event), limitEvidence(limit), logEvidence(run, /Python script execution|Script file not accessible/)]),
    fix: [...(limit?.value ? limitFix(run, limit).slice(0, 1) : []), ...hidingFix(run, error), ...fixOf(cause, error, place, run.process?.pythonVersion ?? null)],
    ...(doubt?.instead ? { excludes: [doubt.instead] } : {}),
  }
}

interface Doubt { confidence: number; text?: string; instead?: { cause: Cause; why_not: string } }

/** What makes it unsure that the error is all there is to it; null where nothing does. */
function doubtOf(run: Run, event: EventOf<'script_error'>): Doubt | null {
  const { error } = event
  const oom = oomKills(run)
  if (oom) return { confidence: 0.85, instead: { cause: 'os.oom_kill', why_not: `${oom.name} rose by ${oom.delta}, but what was killed is not known, and the error does not tell of it` } }
  const refused = linksOf(event).some((link) => link.raised !== true && isRefusal(link)) ? refusedAnyway(run, error) : null
  if (refused) return refused
  const descriptors = perhapsDescriptors(run, event)
  if (descriptors) return { confidence: 0.85, text: `Whether a limit took part is not sure: ${descriptors}.`, instead: { cause: 'os.open_files', why_not: descriptors } }
  const others = saidByOthers(run, error)
  if (others) return { confidence: 0.85, text: present([`Whether a limit took part is not sure: ${others.why_not}.`, deathOfHelper(run)]).join(' '), instead: others }
  const limited = run.limits.some((candidate) => candidate.id.startsWith('os.') && armed(candidate))
  if (limited && /(?:^|\.)BrokenProcessPool$/.test(error.type)) return { confidence: 0.85, text: 'A process of the pool ended without a word, and what ended it is not known here: the limits of the script hold for its children as well (os.address_space, os.cpu_time...), and so does the OOM killer.' }
  if (limited && /(?:^|\.)CalledProcessError$/.test(error.type)) return { confidence: 0.85, text: 'A child process of the script failed, and what ended it is not known here: the limits of the script hold for its children as well (os.address_space, os.open_files...), and their errors are in the child’s own output.' }
  if (error.raised === true && /(?:^|\.)MemoryError$/.test(error.type) && armed(limitOf(run, 'os.address_space'))) return { confidence: 0.88, instead: { cause: 'os.address_space', why_not: 'a raise statement of the code made this MemoryError, not Python when it got no memory' } }
  return null
}

/** A limit that standard error speaks of, though the error does not: a child met it, or a part of the script that went on without what it was refused. */
function saidByOthers(run: Run, error: ScriptError): { cause: Cause; why_not: string } | null {
  const words = lastWordsOf(run)
  if (!words) return null
  const found = ([['os.address_space', /\bMemoryError\b|Cannot allocate memory|memory allocation of \d+ bytes failed|std::bad_alloc/], ['os.open_files', /Too many open files/], ['os.file_size', /File too large/], ['os.processes', /Resource temporarily unavailable|can't start new thread/]] as const)
    .find(([id, said]) => armed(limitOf(run, id)) && said.test(words.text) && !said.test(`${error.type}: ${error.message}`))
  const line = found && words.text.split('\n').findLast((candidate) => found[1].test(candidate))
  return found && line ? { cause: found[0], why_not: `its standard error says “${firstLine(line).trim()}”, which may be a child process or a thread at that limit, and the error does not tell of it` } : null
}

/** No memory was to be had for it, with or without a limit: it asked for what nobody gets. */
function refusedAnyway(run: Run, error: ScriptError): Doubt | null {
  if (!error.memory) return null
  const { by, asked, why, confidence } = refusalOf(error)
  const limit = error.memory.limit
  const because = by === 'parser' ? 'it comes from Python’s parser, not from a request for memory' : by === 'other' ? why : `${why}: it would be refused without this limit as well`
  const instead = limit === null && !armed(limitOf(run, 'os.address_space')) ? {} : { instead: { cause: 'os.address_space' as const, why_not: because } }
  if (by === 'parser') return { confidence, text: why, ...instead }
  if (by === 'other' && asked !== null) return { confidence, text: `${askedPhrase(error, asked)} What refused it is not known: ${why}. A limit of data (RLIMIT_DATA, ulimit -d), or a library’s own, may have.`, ...instead }
  if (by !== 'anybody' || asked === null) return null
  return { confidence, text: `${askedPhrase(error, asked)} That is refused whoever asks: ${why}. ${limit === null ? 'No address space limit was in force.' : `Without the address space limit of ${formatBytes(limit)} (RLIMIT_AS) it would have been refused as well.`}`, ...instead }
}

/** A group, or an error that wraps another, says little itself. */
function behindIt(error: ScriptError): string | null {
  const [first] = (error.causes ?? []).filter((cause) => !cause.type.endsWith('RemoteTraceback'))
  return first ? `Behind it: ${first.type}${first.message ? `: ${firstLine(first.message)}` : ''}.` : null
}

/** What the wrapper noted beside the error: the line's text, or where in the result the fault is (the headline has that). */
function detailOf(cause: Cause, { detail, line }: ScriptError): string | null {
  if (!detail || cause === 'script.bad_output') return null
  return line !== null && ['script.exception', 'script.import', 'script.syntax', 'script.exited'].includes(cause) ? `Line ${line} reads “${firstLine(detail).trim()}”.` : `${firstLine(detail)}.`
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

/** A file of the script's that took the place of a standard module breaks what uses it, and says so nowhere. */
function hidingFix(run: Run, { type, message, hidden = [] }: ScriptError): string[] {
  const own = run.plan?.script.name
  const broken = hidden.filter((name) => /^(?:TypeError|AttributeError|ImportError|ModuleNotFoundError)$/.test(type) && (`${name}.py` !== own || message.includes(`'${name}'`)))
  return broken.map((name) => `Rename ${name}.py${`${name}.py` === own ? '' : ' beside the script'}: it was loaded in the place of Python’s own module ${name}.`)
}

/** `place`: where it was raised, in words. */
function fixOf(cause: Cause, error: ScriptError, place: string | null, python: string | null): string[] {
  if (error.type === 'ModuleNotFoundError') return ['Install the module for the interpreter that runs the script, or put a .venv beside it.']
  switch (cause) {
    case 'script.syntax': return present([place === null ? 'Mend what the parser stopped at.' : `Mend ${place}: the parser stopped there.`, python === null ? null : `or run it with a newer Python, if that is what it was written for: this one is ${python}`])
    case 'script.no_transform': return ['Define def transform(input_data): with one positional argument at the top level of the script.']
    case 'script.import': return [`${place === null ? 'Look at the traceback' : `Look at ${place}`}: code at the top level runs at every request.`]
    case 'script.bad_output': return ['Return only dict, list, str, int, float (no NaN), bool and None; turn other values into strings first.']
    case 'script.exited': return ['Return from transform() instead of calling exit(), sys.exit() or os._exit().']
    case 'script.not_accessible': return ['Check the path and its permissions for the user that runs the service.']
    case 'script.output_limit': return ['Return less, or hand back a reference to where the data is.']
    default:
      if (place === null) return ['The traceback tells where it was raised.']
      return [isForNobody(error) ? `Look at ${place}: the number that says how much it wants is wrong, or the work has to be done in pieces.` : `Look at ${place}; the traceback tells how it got there.`]
  }
}

function isForNobody(error: ScriptError): boolean {
  return Boolean(error.memory) && error.raised !== true && refusalOf(error).by === 'anybody'
}

/** A message may be as long as an answer: the whole of it is in the log and in the traceback. */
const mostCharacters = 240

function firstLine(text: string): string {
  const line = (text.split('\n')[0] ?? '').replace(/\.$/, '')
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line
}
