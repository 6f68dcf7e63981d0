import type { LayerId } from '../flow/layers.ts'
import type { Cause } from './causes.ts'

/** A pointer to proof. `ref` finds it: `event:38`, `log:7`, `limit:client.total`, `reading:12`, `config:nginx.conf:14`, `stack`. */
export interface Evidence { kind: 'event' | 'log' | 'limit' | 'reading' | 'config' | 'stack' | 'client'; text: string; ref: string | null }
export interface Alternative { cause: Cause; confidence: number; why_not: string }

/** What cut the request, how we know, what to change. */
export interface Verdict {
  cause: Cause
  layer: LayerId | 'python' | null
  limitId: string | null
  /** When the cause acted, ms on the run's clock. */
  atMs: number | null
  /** 0..1. At 0.9 and above it may be acted upon without looking. */
  confidence: number
  /** One sentence: layer, limit, origin, what it hit. */
  headline: string
  explanation: string
  evidence: Evidence[]
  alternatives: Alternative[]
  /** What followed, in time order. */
  consequences: string[]
  fix: string[]
}
