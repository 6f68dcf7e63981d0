/** The flow cannot be built as planned. Code, message and hint are shown as they are (`cutoff.error/1`). */
export class FlowError extends Error {
  readonly code: string
  readonly hint: string
  constructor(code: string, message: string, hint: string) {
    super(message)
    this.name = 'FlowError'
    this.code = code
    this.hint = hint
  }
}
