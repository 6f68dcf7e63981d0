import { FlowError } from '../../flow/flow-error.ts'

/** Bad usage or bad input: nothing was run. Exit code 2; with `--json` it becomes a `cutoff.error/1` object. */
export class UsageError extends Error {
  readonly code: string
  readonly hint: string | null
  readonly where: string | null
  constructor(code: string, message: string, options: { hint?: string | null; where?: string | null } = {}) {
    super(message)
    this.code = code
    this.hint = options.hint ?? null
    this.where = options.where ?? null
  }
}

/** What `--json` prints for exits 2 and 4. */
export interface ErrorObject { schema: 'cutoff.error/1'; code: string; message: string; hint: string | null; where: string | null }

/** A plan that cannot be built here (a proxy that is not installed) is the user's to mend, like bad usage. */
export function toUsageError(error: unknown): unknown {
  return error instanceof FlowError ? new UsageError(error.code, error.message, { hint: error.hint }) : error
}

export function toErrorObject(error: unknown): ErrorObject {
  if (error instanceof UsageError) return { schema: 'cutoff.error/1', code: error.code, message: error.message, hint: error.hint, where: error.where }
  const message = error instanceof Error ? error.message : String(error)
  return { schema: 'cutoff.error/1', code: 'internal', message, hint: 'this is a fault of Cutoff itself; run again with CUTOFF_DEBUG=1 for the stack', where: null }
}

export const exitCodes = { completed: 0, failed: 1, usage: 2, cut: 3, internal: 4 } as const
