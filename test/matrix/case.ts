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
  /** Interpreter to ask for, made by the case. */
  python?: string
  /** Where two names are equally true. */
  alsoTrue?: Cause[]
  /** Runs only where this is so; the reason is printed. */
  needs?: 'root' | 'cgroup'
  /** Text that the consequences must mention, in this order. */
  consequences?: RegExp[]
}

/** Which proxies a case with a proxy is repeated through. */
export const engines = ['builtin', 'nginx', 'haproxy'] as const
