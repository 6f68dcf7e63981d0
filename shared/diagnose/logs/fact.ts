import type { Cause } from '../../verdict/causes.ts'

/** What one log entry says, in plain values. Everything later is derived from these. */
export interface LogFact {
  file: string
  /** First line of the entry, from 1. */
  line: number
  product: string
  /** The entry's own clock, ms since 1970 as if it were UTC where it names no zone; null without a date. */
  timeMs: number | null
  /** Whether the time is when the request came in or when the entry was written. */
  timeOf: 'start' | 'end'
  /** The entry, shortened. */
  text: string
  request: RequestFact | null
  signs: Sign[]
  /** Ties entries of one connection or request of one product together: nginx `*12`, a request id. */
  thread: string | null
  /** A moment of the five stages this entry marks. */
  stage: 'request_received' | 'connector_started' | 'script_started' | 'script_finished' | 'response_returned' | null
  /** How long the step that ended here took, ms; for stages and for entries that are no access lines. */
  tookMs: number | null
}

export interface RequestFact {
  /** An id that other files may name as well. */
  id: string | null
  /** `ip:port`, or the address alone. */
  client: string | null
  method: string | null
  path: string | null
  status: number | null
  durationMs: number | null
  bytes: number | null
  upstreams: UpstreamFact[]
}

export interface UpstreamFact { address: string | null; status: number | null; connectMs: number | null; firstByteMs: number | null; totalMs: number | null }

/** What an entry means. */
export interface Sign {
  cause: Cause
  /**
   * `acts`: this software did it. `sees`: it met the outcome of what somebody else did. `fine`: nothing was cut here.
   * `hint`: it makes the cause likelier without showing it.
   */
  role: 'acts' | 'sees' | 'fine' | 'hint'
  confidence: number
  directive: string | null
  limitMs: number | null
  /** The meaning in words, to stand behind the quoted line. */
  means: string
  /** The software that acted, where the entry comes from another one. */
  product?: string
  /** Other causes the same words may stand for. */
  orElse?: Cause[]
  /** Causes that this entry shows not to be so. */
  excludes?: Cause[]
}

type SignDetails = Partial<Omit<Sign, 'cause' | 'role' | 'means'>>

/** This software cut by itself. */
export function acts(cause: Cause, means: string, details: SignDetails = {}): Sign {
  return { cause, role: 'acts', confidence: 0.96, directive: null, limitMs: null, means, ...details }
}

/** This software saw what another one did. */
export function sees(cause: Cause, means: string, details: SignDetails = {}): Sign {
  return { cause, role: 'sees', confidence: 0.92, directive: null, limitMs: null, means, ...details }
}

/** Nothing was cut as far as this entry knows. */
export function fine(means: string, details: SignDetails = {}): Sign {
  return { cause: 'none', role: 'fine', confidence: 0.6, directive: null, limitMs: null, means, ...details }
}

/** Makes a cause likelier. */
export function hint(cause: Cause, means: string, details: SignDetails = {}): Sign {
  return { cause, role: 'hint', confidence: 0.5, directive: null, limitMs: null, means, ...details }
}

/** Longest text kept of an entry. */
export const mostText = 500

/** A fact with the defaults of an entry that is no access line. */
export function factOf(entry: Pick<LogFact, 'file' | 'line' | 'product' | 'text'> & Partial<LogFact>): LogFact {
  return { timeMs: null, timeOf: 'end', request: null, signs: [], thread: null, stage: null, tookMs: null, ...entry, text: entry.text.slice(0, mostText) }
}

export function requestOf(known: Partial<RequestFact>): RequestFact {
  return { id: null, client: null, method: null, path: null, status: null, durationMs: null, bytes: null, upstreams: [], ...known }
}
