import type { Diagnosis } from '../diagnose/diagnosis.ts'
import type { Cause } from '../verdict/causes.ts'

/** Where something on the diagnosis desk came from. `sent`: its content came from the page, which knows no path. */
export type DeskOrigin = 'path' | 'sent' | 'pasted' | 'followed' | 'example'
/** `source`: a configuration or a log, whichever it is. `saw`: what an observer saw (`--saw`): a client, a client library, a process. */
export type DeskRole = 'source' | 'saw'

/** One thing on the desk: a file, a folder, a pasted text, a followed log. */
export interface DeskInput {
  id: string
  /** What `file:line` calls it. */
  name: string
  origin: DeskOrigin
  role: DeskRole
  path: string | null
  bytes: number
  /** `waiting`: not read yet. `canceled`: the user stopped the reading. `following`, `stopped`: a log that grows. */
  state: 'waiting' | 'reading' | 'read' | 'failed' | 'canceled' | 'following' | 'stopped'
  /** Why it failed, and what to do. */
  problem: string | null
  /** What it was recognised as: `nginx error log`; `3 files` for a folder; null before it is read. */
  kind: string | null
  lines: number
  /** Lines that said something about a request or an ending. */
  facts: number
}

/** Which request is asked about. */
export interface DeskQuestion {
  /** As typed: an id, a path, or a time. Empty: the one that ended worst. */
  text: string
  /** `key` of a request of the list. */
  picked: string | null
}

/** A request that the logs know. */
export interface FoundRequest {
  key: string
  /** ms since 1970, by its file's own clock; null without a date. */
  timeMs: number | null
  method: string | null
  path: string | null
  status: number | null
  durationMs: number | null
  product: string
  file: string
  line: number
  /** What its own entry says of its ending; null where it says nothing bad. */
  cause: Cause | null
}

/** What the forms of a window hold and nobody has added yet: a pasted text, and the fields of what was seen by their names. */
export interface DeskForms { name: string; text: string; role: DeskRole; saw?: Record<string, string> | undefined }
/** With what the forms of windows held that are gone, until it is dealt with. */
export interface DeskDraft extends DeskForms { others?: DeskForms[] }

/** Everything on the desk but the diagnosis itself; small enough to be pushed at every change. */
export interface DeskStatus {
  inputs: DeskInput[]
  question: DeskQuestion
  /** Reading under way; null when everything is read. */
  busy: { name: string; doneBytes: number; totalBytes: number } | null
  /** What happened to the desk itself, such as a list that was damaged and set aside; null when all is well. */
  notice: string | null
  /** Grows with every new diagnosis: the screen asks for what it does not have. */
  version: number
}

export interface DeskResult {
  version: number
  /** null while nothing is on the desk. */
  diagnosis: Diagnosis | null
  /** Bad endings first, then the newest; at most 200. */
  requests: FoundRequest[]
  /** How many there are. */
  requestsTotal: number
}

/** Some lines of a source around one of them. */
export interface DeskExcerpt { file: string; lines: { number: number; text: string }[] }
