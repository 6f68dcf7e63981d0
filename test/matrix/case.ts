import type { RunPlan } from '../../shared/run/plan.ts'
import type { Cause } from '../../shared/verdict/causes.ts'

/** One real run whose true cause is known by construction. */
export interface MatrixCase {
  /** What is done, in a few words. */
  name: string
  cause: Cause
  /** A file of `scripts/`. */
  script: string
  input?: unknown
  limits?: Record<string, string>
  faults?: string[]
  proxy?: string
  propagateCancel?: false
  /** Press Stop after this many ms. */
  stopAfterMs?: number
  /** So many requests at once, sharing the connector's workers; the cause is that of the last one. */
  together?: number
  /** Changes the plan past what the command line would accept: a script that goes missing, an interpreter that is broken. */
  change?: (plan: RunPlan, folder: string) => Promise<RunPlan>
  /** Where two names are equally true. */
  alsoTrue?: Cause[]
  /** Needs a control group of this kind; where none can be made, the verdict must say that the limit was not enforced. */
  needs?: 'memory' | 'pids'
  /** Text that the consequences must mention, in this order. */
  consequences?: RegExp[]
}

/** Which proxies a case with a proxy is repeated through. */
export const engines = ['builtin', 'nginx', 'haproxy'] as const
