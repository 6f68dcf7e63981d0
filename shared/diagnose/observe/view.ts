/** How a raw connection ended, as its client saw it. */
export const endings = ['fin', 'rst', 'open', 'timeout', 'refused', 'unreachable', 'connect-timeout', 'aborted'] as const
export type Ending = (typeof endings)[number]

interface Common {
  elapsedMs: number | null
  /** When it ended, ms since 1970: by the answer’s `Date` header (whole seconds) or the observer’s own clock; null where nobody says. */
  endedAt: number | null
  /** What the next hop saw, and log lines, where the observation carries them. */
  hopLines: string[]
  logLines: string[]
  /** What was asked for: a whole address, or its path; null where nobody says. */
  url: string | null
}

/** What a client saw of the bytes: a probe, a browser (HAR), `curl -v`. Times count from the start of the connection. */
export interface HttpView extends Common {
  kind: 'http'
  method: string | null
  status: number | null
  reason: string
  headers: { name: string; value: string }[]
  /** The body's beginning, at most 2,000 characters. */
  body: string
  bodyBytes: number
  receivedBytes: number
  /** Whether the body came to its own end; a body that ends with the connection counts as complete, and `byClose` says so. */
  complete: boolean | null
  /** Neither a length nor chunks say where the body ends: only the end of the connection does. */
  byClose: boolean
  end: Ending | null
  ttfbMs: number | null
  lastByteMs: number | null
  closeMs: number | null
  /** How TLS ended: `close_notify`, or that none came; null without TLS. */
  tlsEnd: string | null
  /** Bytes of a request body that were sent; null where none is known of. */
  bodySent: number | null
  /** Sending the request failed. */
  sendFailed: boolean
  /** True where it is known that the whole request was sent; null where not. */
  requestSent: boolean | null
}

/** What a client library reported. */
export interface LibraryView extends Common {
  kind: 'client-lib'
  status: number | null
  /** Type, message and causes, outermost first. */
  errors: string[]
  curlExit: number | null
  bodyBytes: number | null
  body: string
  note: string
  /** `headers`, `body`: how far the library was. */
  phase: string | null
}

/** What a connector saw of its child process. */
export interface ProcessView extends Common {
  kind: 'process'
  spawnError: string | null
  exitCode: number | null
  signal: string | null
  exitMs: number | null
  stdoutBytes: number
  stdout: string
  stderr: string
  events: { ms: number | null; text: string; waiting: string | null }[]
  cpuS: number | null
  maxRssMb: number | null
}

export type View = HttpView | LibraryView | ProcessView

/** `Mon, 30 Nov 2026 11:30:11 GMT` or ISO 8601, ms since 1970; null if it is none. */
export function dateIn(text: string | undefined): number | null {
  const at = /\d{4}/.test(text ?? '') ? Date.parse((text ?? '').trim()) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** A header's value by its lower-case name; null if it is not there. */
export function headerOf(view: HttpView, name: string): string | null {
  return view.headers.find((header) => header.name.toLowerCase() === name)?.value ?? null
}
