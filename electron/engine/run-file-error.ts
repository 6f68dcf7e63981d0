import type { CallError } from '../../shared/bridge/contract.ts'

/** A failure of an export or import, meant for people, with what to do. It crosses threads as a `CallError`. */
export class RunFileError extends Error implements CallError {
  readonly code: string
  readonly hint: string | null
  readonly where: string | null
  constructor({ code, message, hint, where }: CallError) {
    super(message)
    this.code = code
    this.hint = hint
    this.where = where
  }
}
