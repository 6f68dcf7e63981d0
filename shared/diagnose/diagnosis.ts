import type { LayerId, StageId } from '../flow/layers.ts'
import type { Span } from '../run/record.ts'
import type { Cause } from '../verdict/causes.ts'
import type { Verdict } from '../verdict/verdict.ts'

/** What `diagnose --json` prints: `cutoff.diagnosis/1`. Users' scripts rely on these names. */
export interface Diagnosis {
  schema: 'cutoff.diagnosis/1'
  verdict: DiagnosisVerdict
  /** Every limit the configurations set or leave at a default, in reading order. */
  limits: DiagnosedLimit[]
  /** Indexes into `limits`: which deadline passes first for a request that waits for its answer. */
  order: number[]
  lints: DiagnosisLint[]
  /** What could not be read, was cut short or is worth knowing about a file. */
  notes: DiagnosisNote[]
  /** The five stages as far as the logs show them, ms since the request began. */
  stages: { id: StageId; atMs: number | null }[]
  spans: Span[]
  /** What was read, by file. */
  sources: DiagnosedSource[]
}

/** A run's verdict, and what is known of a system that was not run here. */
export interface DiagnosisVerdict extends Verdict {
  /** Who cut, by the name of the software: `nginx`, `HAProxy`, `Go`. */
  product: string | null
  /** The setting that fired, as its configuration spells it. */
  directive: string | null
  limitMs: number | null
  /** Causes that what is known cannot exclude, the likeliest first; the verdict's own cause is among them. */
  candidates: Cause[]
  /** What would settle it. */
  need: Need[]
}

/** A file or a command that would narrow the candidates, ready to paste. */
export interface Need { what: string; how: string }

/** One limit of one configuration. */
export interface DiagnosedLimit {
  layer: LayerId
  product: string
  directive: string
  /** null: switched off, without a number, or not a duration. */
  valueMs: number | null
  asWritten: string
  file: string
  line: number | null
  /** False when something else overrides it, the product ignores it or it is switched off. */
  enforced: boolean
  meaning: string
  /** What the verdict would be called if it fired; null for a setting that cuts nothing by itself. */
  cause: Cause | null
  /** What else it cuts: `timeout client` ends slow uploads, slow readers and idle connections alike. */
  alsoCauses: Cause[]
  /** What its clock counts. */
  counts: Counts
  /** Where it applies: `server s1 of backend be`, `location /api`. */
  scope: string | null
  /** The parts of the configuration that get this value, inherited or not: `server a, location /api`, `backend app`, the URL of a worker. */
  serves?: readonly string[]
  /** True where nobody wrote it: the product's default. */
  isDefault: boolean
  /** How often it is waited for before the client hears of it (retries, next upstream). */
  attempts: number
}

/** `total`: from the request's start. `wait`: from the last byte of the answer to wait for. `request`: until the request has arrived. */
export type Counts = 'total' | 'wait' | 'connect' | 'request' | 'write' | 'idle' | 'queue' | 'stop' | 'check' | 'size' | 'other'

export interface DiagnosisLint { id: string; severity: 'error' | 'warning' | 'note'; text: string; refs: string[] }
export interface DiagnosisNote { file: string; line: number | null; text: string }

/** One file as it was understood. */
export interface DiagnosedSource {
  file: string
  /** `nginx configuration`, `HAProxy log`... */
  kind: string
  bytes: number
  lines: number
  /** Lines that said something about a request or an ending. */
  facts: number
  /** How far this file's clock is ahead of the reference file's, ms; null when not known. */
  skewMs: number | null
}
