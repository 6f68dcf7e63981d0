import type { RunRecord } from './record.ts'
import type { RunEvent } from './event.ts'

/** A kept run as a list shows it. */
export interface HistoryRow {
  /** Counts up from 1 and is never used twice: what people call "run 412". */
  number: number
  id: string
  startedAt: string
  script: string
  /** The case whose input it was; null where it was none's, and where an older store does not tell. */
  caseName: string | null
  profile: string
  outcome: RunRecord['outcome']
  cause: string
  limitId: string | null
  /** What that limit was set to, in the base unit of its kind (`limitKindOf`); null without one, and where an older store does not tell. */
  limitValue: number | null
  headline: string
  elapsedMs: number
  logLines: number
  pinned: boolean
  /** On disk, log included. */
  bytes: number
}

/** Words of `search` must all be found: `412`, `#412` and `run 412` as a run's number, others in script, case, profile, cause, limits, headline and error anywhere, in messages, evidence and the script's output at the start of a word. */
export interface HistoryQuery {
  outcome?: RunRecord['outcome'] | 'pinned' | null
  search?: string
  /** Newest first: runs with a smaller number than this. */
  before?: number | null
  /** At most this many; default 200. */
  count?: number
}
export interface HistoryPage {
  runs: HistoryRow[]
  /** Runs that the query selects, whatever `before` and `count` say. */
  total: number
  /** All kept runs. */
  kept: { runs: number; bytes: number }
}

/** A kept run, as it was. Its log is opened by itself. */
export interface KeptRun { number: number; pinned: boolean; record: RunRecord; events: RunEvent[]; eventFormat: number }

/** What stays: the newest runs up to both bounds. Pinned runs stay whatever the bounds say and do not count. */
export interface Retention { runs: number; bytes: number }
export const defaultRetention: Retention = { runs: 2000, bytes: 1024 ** 3 }

/** What the history has to tell besides its runs. */
export type HistoryState =
  | { on: true; /** such as a damaged store that was set aside; null when all is well */ notice: string | null }
  | { on: false; reason: string }
