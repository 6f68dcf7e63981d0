import { libraryPicture } from './library.ts'
import type { LibraryView, ProcessView, View } from './view.ts'

const mostText = 200_000
const signals: Record<number, string> = { 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM', 24: 'SIGXCPU', 25: 'SIGXFSZ' }
/** What a shell prints where a child ended by a signal. */
const shellWords: [RegExp, string][] = [[/^(?:.*: line \d+: +\d+ )?Killed\b/m, 'SIGKILL'], [/^(?:.*: line \d+: +\d+ )?Terminated\b/m, 'SIGTERM'], [/Segmentation fault/m, 'SIGSEGV'], [/^.*CPU time limit exceeded/m, 'SIGXCPU'], [/^.*File size limit exceeded/m, 'SIGXFSZ'], [/^Aborted\b/m, 'SIGABRT']]

/**
 * What a terminal showed, pasted: a program’s own error (a traceback, a stack, one line), `wget`, a shell’s word about a child, GNU `time`.
 * null where nothing in it is about an end. Pure.
 */
export function parsePlainText(pasted: string): View | null {
  const text = pasted.slice(-mostText).replaceAll('\r', '')
  const ended = endOf(text)
  if (ended) return processView(text, ended)
  // Of a chain of exceptions the last one is what the program got; where it says nothing, those before it do.
  const last = libraryView(text.split(chained).at(-1) ?? text)
  const library = isKnown(last) ? { ...last, url: last.url ?? urlIn(text) } : libraryView(text)
  const picture = libraryPicture(library)
  if (library.status !== null || !(picture.candidates.length === 1 && picture.candidates[0] === 'unknown')) return library
  // A stack of JavaScript, Java or .NET is no script’s.
  return /Traceback \(most recent call last\)/.test(text) || (/^\w*(?:Error|Exception): /m.test(text) && !/^\s+at \S/m.test(text)) ? processView(text, { exitCode: 1, signal: null }) : null
}

const chained = /^(?:The above exception was the direct cause of the following exception|During handling of the above exception, another exception occurred):$/m

function isKnown(view: LibraryView): boolean {
  return libraryPicture(view).candidates[0] !== 'unknown'
}

function endOf(text: string): { exitCode: number | null; signal: string | null } | null {
  const bySignal = /terminated by signal (\d+)|\bsignal: (\d+)\b|killed by signal (\d+)/.exec(text)
  if (bySignal) return { exitCode: null, signal: signals[Number(bySignal[1] ?? bySignal[2] ?? bySignal[3])] ?? null }
  const code = /\bexit(?:ed)?(?: with)?(?: non-zero)?(?: code| status)?[:= ]+(\d{1,3})\b|exited with non-zero status (\d+)|\becho \$\?\s*\n(\d{1,3})\b/i.exec(text)
  const word = shellWords.find(([pattern]) => pattern.test(text))?.[1] ?? null
  return code ? { exitCode: Number(code[1] ?? code[2] ?? code[3]), signal: null } : word ? { exitCode: null, signal: word } : null
}

function processView(text: string, ended: { exitCode: number | null; signal: string | null }): ProcessView {
  const real = secondsOf(/^real\s+(?:(\d+)m)?([\d.]+)s?$/m.exec(text)) ?? secondsOf(/\b(?:(\d+):)?(\d+\.\d+)elapsed/.exec(text)) ?? secondsOf(/Elapsed \(wall clock\) time[^\n]*?: (?:(\d+):)?([\d.]+)$/m.exec(text))
  const user = secondsOf(/^user\s+(?:(\d+)m)?([\d.]+)s?$/m.exec(text)) ?? secondsOf(/()([\d.]+)user/.exec(text))
  const system = secondsOf(/^sys\s+(?:(\d+)m)?([\d.]+)s?$/m.exec(text)) ?? secondsOf(/()([\d.]+)system/.exec(text))
  const rssKb = Number(/Maximum resident set size \(kbytes\): (\d+)/.exec(text)?.[1] ?? /(\d+)maxresident/.exec(text)?.[1] ?? Number.NaN)
  return {
    kind: 'process', endedAt: null, elapsedMs: real === null ? null : real * 1000, hopLines: [], logLines: [], url: null, spawnError: null, ...ended, exitMs: real === null ? null : real * 1000, stdoutBytes: 0, stdout: '',
    stderr: text.split('\n').filter((line) => !/^(?:real|user|sys)\s|elapsed|^Command |^exit/i.test(line)).join('\n').slice(-16_384), events: [], cpuS: user === null ? null : user + (system ?? 0), maxRssMb: Number.isFinite(rssKb) ? rssKb / 1024 : null,
  }
}

function secondsOf(match: RegExpExecArray | null): number | null {
  return match ? Number(match[1] || 0) * 60 + Number(match[2]) : null
}

/** Frames and source lines quote anything: only lines that speak are kept. */
function libraryView(text: string): LibraryView {
  const stack = /^\s+at .+:\d+:\d+\)?\s*\{?$/m.test(text)
  const spoken = stack ? spokenInDump(text) : []
  const lines = spoken.length > 0 ? spoken : text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^at |^File "|^\^+$|^\.{3} /.test(line))
  const statuses = [...text.matchAll(/^(?:< |\s{0,4})HTTP\/[\d.]+ (\d{3})\b|awaiting response\.\.\. (\d{3}) |ERROR (\d{3}): |<(?:title|h1)>(\d{3}) [A-Z]/gm)].map((match) => Number(match[1] ?? match[2] ?? match[3] ?? match[4]))
  // Envoy’s bodies are one line that people copy without the status above it.
  const envoys = /^(?:(upstream request timeout|stream timeout)|no healthy upstream|upstream connect error or disconnect\/reset before headers.*)$/m.exec(text.trim())
  const answered = statuses.at(-1) ?? (envoys ? (envoys[1] === undefined ? 503 : 504) : null)
  const page = Math.max(text.search(/^<(?:!doctype|html)/im), stack ? text.search(/<(?:!doctype|html)/i) : -1)
  const body = answered === null || (stack && page < 0) ? '' : envoys?.[0] ?? text.slice(Math.max(0, page))
  return {
    kind: 'client-lib', endedAt: null, elapsedMs: secondsOf(/^real\s+(?:(\d+)m)?([\d.]+)s?$/m.exec(text)) === null ? null : (secondsOf(/^real\s+(?:(\d+)m)?([\d.]+)s?$/m.exec(text)) ?? 0) * 1000, hopLines: [], logLines: [], url: urlIn(text), status: answered,
    errors: answered !== null && answered >= 400 ? [] : lines.slice(-60).map((line) => line.slice(0, 2000)), curlExit: null, bodyBytes: null, body: body.slice(0, 2000), note: '', phase: null,
  }
}

/** Of an error that Node prints with everything it holds, what it says: its own words, its cause's, and its fields of one word. */
function spokenInDump(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const said = /^(?:Uncaught )?(?:<ref \*\d+> )?(?:\w+ )?(\[?[\w.]*(?:Error|Exception)\b.*?)(?: \{)?$/.exec(line)?.[1] ?? /^\s{2,6}(?:\[(?:cause|errors)\]: |\[?)([\w.]*(?:Error|Exception)\b.*?)(?: \{)?$/.exec(line)?.[1]
    return said ?? (/^\s{2,4}(?:code|errno|syscall|type|event|timeout|killed|signal|connect): \S{1,60},?$/.test(line) ? line.trim() : [])
  }).slice(0, 40)
}

/** The address that an error names: requests' "with url: /run", Go's `Post "http://..."`, httpx' "for url 'http://...'". */
function urlIn(text: string): string | null {
  return /\bwith url: (\/[^\s)]{0,500})|\b(?:Get|Post|Put|Patch|Delete|Head) "(https?:\/\/[^"\s]{1,500})"|\bfor url:? '?(https?:\/\/[^'\s]{1,500})|: (?:GET|POST|PUT|PATCH|DELETE|HEAD) (https?:\/\/\S{1,500})|^\s+url: '([^']{1,500})'/m.exec(text)?.slice(1).find((found) => found !== undefined) ?? null
}
