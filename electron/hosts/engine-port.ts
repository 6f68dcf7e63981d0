import type { CallArgs, CallError, CallName, CallResult, PushName, Pushes } from '../../shared/bridge/contract.ts'
import { parseCall } from '../../shared/bridge/parse-call.ts'

/** A push with its name: what travels from the engine to a screen. */
export type Push = { [P in PushName]: { push: P; value: Pushes[P] } }[PushName]

/** What a host needs of the engine, wherever it runs: in this process, or in one of its own. */
export interface EnginePort {
  /** Arguments are checked by the host before (`answerCall`). */
  call<C extends CallName>(name: C, args: CallArgs<C>): Promise<CallResult<C>>
  /** Returns the way to stop listening. */
  onPush(listener: (push: Push) => void): () => void
  /** Stops every run, ends every process and settles when they are gone. */
  close(): Promise<void>
}

export type Answer = { ok: unknown } | { error: CallError }

/** One call from a screen, checked, carried out and answered. Never rejects: a failure is an answer too. */
export async function answerCall(engine: EnginePort, name: unknown, args: unknown): Promise<Answer> {
  const call = parseCall(name, args)
  if (!call.ok) return { error: call.error }
  try {
    return { ok: (await engine.call(call.name, call.args)) ?? null }
  } catch (error) {
    return { error: toCallError(error) }
  }
}

/** An error as it reaches a screen. Those with a `code` were meant for people; any other is a fault of ours, named but without its stack. */
export function toCallError(error: unknown): CallError {
  const fields: Partial<Record<keyof CallError, unknown>> = typeof error === 'object' && error !== null ? error : {}
  const text = (value: unknown): string | null => typeof value === 'string' ? value : null
  return {
    code: text(fields.code) ?? 'internal',
    message: text(fields.message) ?? String(error),
    hint: text(fields.hint),
    where: text(fields.where),
  }
}
