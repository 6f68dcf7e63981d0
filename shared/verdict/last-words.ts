import type { EventOf } from '../run/event.ts'
import type { Run } from '../run/fold-run.ts'
import type { Evidence } from './verdict.ts'

/** The end of what the script, and what it started, wrote to standard error, with the line of the log that has it; null where there was nothing. */
export interface LastWords { text: string; log: EventOf<'log'> }

export function lastWordsOf(run: Run): LastWords | null {
  const log = run.logs.find((line) => line.source === 'connector' && typeof line.fields.stderr === 'string' && line.fields.stderr.trim() !== '')
  return log ? { text: String(log.fields.stderr).trim(), log } : null
}

/** A line of it as evidence. */
export function saidEvidence(line: string, { log }: LastWords): Evidence {
  return { kind: 'log', text: `stderr: ${line.slice(0, 160)}`, ref: `log:${log.line}` }
}

/** "A thread of the script (Thread-1) died of RuntimeError: no (stderr)." Nothing else says so. Null where none did. */
export function deathOfHelper(run: Run): string | null {
  const words = lastWordsOf(run)
  const begun = words === null ? null : /^(?:Exception in thread (\S[^\n]*?):?|Process (\S+):)\nTraceback \(most recent call last\):\n/m.exec(`${words.text}\n`)
  if (!words || !begun) return null
  // The traceback is indented; what comes after it says what it was.
  const error = /^(?:[\w.]+(?:Error|Exception|Interrupt|Exit|Warning)|[\w]+\.[\w.]+)\b[^\n]*/m.exec(words.text.slice(begun.index + begun[0].length))?.[0]
  const who = begun[1] === undefined ? `A child process of the script (${begun[2] ?? ''})` : `A thread of the script (${begun[1]})`
  return `${who} died${error === undefined ? '' : ` of ${error.slice(0, 160)}`} (stderr).`
}

/** faulthandler.dump_traceback_later(..., exit=True) prints this and ends the process with code 1; the time it was given, or null. */
export function faulthandlerTimeout(run: Run): string | null {
  return /^Timeout \((\d+:\d\d:\d\d(?:\.\d+)?)\)!$/m.exec(lastWordsOf(run)?.text ?? '')?.[1] ?? null
}
