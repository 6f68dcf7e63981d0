import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding } from '../finding.ts'
import { limitFix } from '../fixes.ts'
import { lastWordsOf, saidEvidence } from '../last-words.ts'
import { eventEvidence, limitEvidence, limitOf, limitPhrase, lineWords, present } from '../words.ts'
import { armed } from './error-links.ts'
import { noMemory, oomKills } from './out-of-memory.ts'

/**
 * Kernel limits hold for what the script starts as well. They end the child, and the script only hears of it: the error of
 * `subprocess` names the signal, that of a process pool nothing at all; the kernel's own counter, or the child's last words, tell the rest.
 */
export function childEndings(run: Run, event: EventOf<'script_error'>): Finding[] {
  const { type, message } = event.error
  const ofCommand = /(?:^|\.)CalledProcessError$/.test(type)
  const ofPool = /(?:^|\.)BrokenProcessPool$/.test(type)
  if (!ofCommand && !ofPool) return []
  const signal = /Signals\.(SIG\w+)/.exec(message)?.[1] ?? null
  const oom = oomKills(run)
  if (oom && (ofPool || signal === 'SIGKILL' || /status 137\b/.test(message))) {
    const ofGroup = !oom.name.startsWith('vmstat')
    return [ended(run, event, 'os.oom_kill', 'The kernel’s OOM killer ended a child process of your script', ofGroup && armed(limitOf(run, 'os.memory')) ? 'os.memory' : null, ofGroup ? 0.95 : 0.8, [eventEvidence(`${oom.name} rose by ${oom.delta}`, oom)])]
  }
  if (signal === 'SIGXCPU' && armed(limitOf(run, 'os.cpu_time'))) return [ended(run, event, 'os.cpu_time', 'The kernel killed a child process of your script: its CPU time was used up', 'os.cpu_time', 0.95, [])]
  if (signal === 'SIGXFSZ' && armed(limitOf(run, 'os.file_size'))) return [ended(run, event, 'os.file_size', 'The kernel ended a child process of your script: it wrote a file larger than allowed', 'os.file_size', 0.95, [])]
  if (!ofCommand || !armed(limitOf(run, 'os.address_space'))) return []
  const words = lastWordsOf(run)
  const said = words?.text.split('\n').findLast((line) => noMemory.test(line))
  if (!words || said === undefined) return []
  return [ended(run, event, 'os.address_space', 'A child process of your script ran out of address space', 'os.address_space', 0.86, [saidEvidence(said, words)], 'How much it asked for is not known: a length that went wrong would be refused without this limit as well.')]
}

function ended(run: Run, event: EventOf<'script_error'>, cause: Cause, subject: string, limitId: string | null, confidence: number, proof: Finding['evidence'], unsure?: string): Finding {
  const { error } = event
  const limit = limitOf(run, limitId)
  const where = error.line === null ? '' : `, started on ${lineWords(run, { file: error.file ?? '', line: error.line })}`
  return {
    cause, limitId: limit?.id ?? null, atMs: event.atMs, confidence,
    headline: `${subject}${where}${limit ? ` (${limitPhrase(limit, limit.id)})` : ''}.`,
    explanation: present([`The limits of the script hold for what it starts as well. The script itself lived on and raised ${error.type}.`, unsure]).join(' '),
    evidence: present([eventEvidence(`${error.type}: ${error.message}`, event), ...proof, limitEvidence(limit)]),
    fix: limit ? limitFix(run, limit) : ['Give the container more memory, or hold less in memory at once.'],
  }
}
