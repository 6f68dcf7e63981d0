import { dateIn, type LibraryView } from './view.ts'

const mostText = 2_000_000

/** Whether a text is what `curl -v` (or `-sS`, `-w`) printed. */
export function isCurlOutput(text: string): boolean {
  return /^curl: \(\d+\) /m.test(text) || (/^[*>] /m.test(text) && /^[<>] /m.test(text) && /^(?:> [A-Z]+ \S+ HTTP\/|< HTTP\/)/m.test(text)) || /^\* (?:Trying|Connected to|Could not resolve|Closing connection)/m.test(text)
}

/** What `curl -v` saw: the last answer, curl's own message and exit code, the body's beginning. */
export function parseCurlOutput(output: string): LibraryView {
  const text = output.slice(-mostText)
  const message = /^curl: \((\d+)\) (.*)$/m.exec(text)
  const notes = [...text.matchAll(/^\* (.*)$/gm)].map((match) => match[1] ?? '')
  const statuses = [...text.matchAll(/^< HTTP\/[\d.]+ (\d{3})/gm)].map((match) => Number(match[1])).filter((status) => status >= 200)
  const status = statuses.at(-1) ?? null
  const body = text.split('\n').filter((line) => !/^(?:[*<>{}] ?|curl: |  % Total|\s+\d+ +[\d.]+[kMG]? )/.test(line)).join('\n').trim()
  const left = /transfer closed with (\d+) bytes? remaining|Operation timed out after (\d+) milliseconds/.exec(text)
  return {
    kind: 'client-lib', endedAt: dateIn(/^< date: (.*)$/im.exec(text)?.[1]), elapsedMs: Number(/after (\d+) (?:ms|milliseconds)/.exec(text)?.[1] ?? Number.NaN) || timeOf(text), hopLines: [], logLines: [], url: [...text.matchAll(/^> [A-Z]+ (\S+) HTTP\//gm)].at(-1)?.[1] ?? null, status,
    errors: [message?.[0] ?? '', ...notes.filter((note) => /fail|error|timed|reset|refused|closed|empty|resolve|reached|remaining/i.test(note))].filter((line) => line !== '').slice(0, 40),
    curlExit: message ? Number(message[1]) : exitFrom(notes, status), bodyBytes: left && body !== '' ? body.length : body.length, body: body.slice(0, 2000), note: '', phase: status === null ? null : 'body',
  }
}

/** `-w "%{time_total}"` or the word in curl's note, in ms. */
function timeOf(text: string): number | null {
  const match = /(?:time_total|total)["' :=]+([\d.]+)/i.exec(text)
  return match ? Number(match[1]) * 1000 : null
}

/** With `-s` curl prints no message: its notes still tell. */
function exitFrom(notes: readonly string[], status: number | null): number {
  const all = notes.join('\n')
  if (/Empty reply from server/.test(all)) return 52
  if (/transfer closed with/.test(all)) return 18
  if (/Recv failure|Connection reset/.test(all)) return 56
  if (/timed out|Timeout was reached/i.test(all)) return 28
  if (/Could not resolve/.test(all)) return 6
  if (/Connection refused|Failed to connect|Couldn't connect/.test(all)) return 7
  if (/was not closed cleanly/.test(all)) return 92
  if (/wrong version number|SSL routines/.test(all)) return 35
  return status === null ? 52 : 0
}
