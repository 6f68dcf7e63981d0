/** Who saw it, in the words of the command line's `--saw`. */
export type Observer = 'http' | 'client-lib' | 'process'

/** The fields of the form, as typed. */
export interface SawFields { observer: Observer; elapsed: string; status: string; end: string; error: string; exitCode: string; signal: string; stderr: string; body: string }

export const noSaw: SawFields = { observer: 'http', elapsed: '', status: '', end: '', error: '', exitCode: '', signal: '', stderr: '', body: '' }

/** How a connection can end, in words; the values are those of an observation. */
export const endingWords: readonly [value: string, words: string][] = [
  ['', 'not known'], ['fin', 'closed by the other side'], ['rst', 'reset by the other side'], ['open', 'still open after the answer'], ['timeout', 'I gave up waiting'],
  ['refused', 'connection refused'], ['unreachable', 'host unreachable'], ['connect-timeout', 'no connection in time'], ['aborted', 'I hung up'],
]

/** `500`, `500ms`, `2.5 s`, `1 min` -> ms; null for what is no duration. A bare number is milliseconds. */
export function parseElapsed(text: string): number | null {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*(ms|s|sec|m|min)?\s*$/i.exec(text)
  if (!match?.[1]) return null
  const factor = { ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000 }[(match[2] ?? 'ms').toLowerCase()] ?? 1
  return Number(match[1].replace(',', '.')) * factor
}

/** The observation object that `--saw` would read, or what is missing. Empty fields are left out: nothing is made up. */
export function sawObject(fields: SawFields): { ok: true; value: Record<string, unknown> } | { ok: false; problem: string } {
  const elapsed = fields.elapsed.trim() === '' ? null : parseElapsed(fields.elapsed)
  if (fields.elapsed.trim() !== '' && elapsed === null) return { ok: false, problem: `"${fields.elapsed}" is no duration: write 500 ms or 2 s` }
  const status = numberIn(fields.status)
  const exitCode = numberIn(fields.exitCode)
  if (Number.isNaN(status) || (status !== null && (status < 100 || status > 999))) return { ok: false, problem: `"${fields.status}" is no status: write a number such as 504, or leave it empty` }
  if (Number.isNaN(exitCode)) return { ok: false, problem: `"${fields.exitCode}" is no exit code` }
  const common = elapsed === null ? {} : { elapsed_ms: elapsed }
  switch (fields.observer) {
    case 'http': {
      if (status === null && fields.end === '' && elapsed === null) return { ok: false, problem: 'say at least how it ended, its status, or how long it took' }
      return { ok: true, value: { status, ...(fields.end === '' ? {} : { end: fields.end }), ...common, ...(fields.body === '' ? {} : { body_prefix: fields.body, body_bytes: fields.body.length }) } }
    }
    case 'client-lib': {
      if (fields.error.trim() === '') return { ok: false, problem: 'paste the error that the library reported' }
      const [first = '', ...chain] = fields.error.trim().split('\n')
      const named = /^([\w.]+): (.*)$/s.exec(first)
      return { ok: true, value: { kind: 'client-lib', error_type: named?.[1] ?? '', error: named?.[2] ?? first, chain, ...(status === null ? {} : { status }), ...common } }
    }
    case 'process': {
      if (exitCode === null && fields.signal.trim() === '' && fields.stderr.trim() === '') return { ok: false, problem: 'say the exit code, the signal, or what stood on standard error' }
      return { ok: true, value: { kind: 'process', exit_code: exitCode, signal: fields.signal.trim() || null, ...(elapsed === null ? {} : { exit_ms: elapsed }), ...common, stderr_tail: fields.stderr } }
    }
  }
}

function numberIn(text: string): number | null {
  const trimmed = text.trim()
  return trimmed === '' ? null : /^-?\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN
}
