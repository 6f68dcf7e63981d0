import type { LayerId } from '../../shared/flow/layers.ts'

/** Why a request's context ended. `limitId` names the limit where one did it. */
export type CancelCause =
  | { kind: 'client_gone'; limitId: null }
  | { kind: 'limit'; limitId: string }
  | { kind: 'user_stop'; limitId: null }
  | { kind: 'engine_stop'; limitId: null }

/** How a context ended: who did it, why, and Go's words for it. */
export interface Cancellation { readonly by: LayerId; readonly cause: CancelCause; readonly error: 'context canceled' | 'context deadline exceeded' }

/**
 * A request's context, as Go's `context.Context`: it ends once, the first cause stays, and what hangs on it is told.
 * A child ends with its parent; a parent never ends with its child.
 */
export interface RequestContext {
  /** Null while it lives. */
  readonly ended: Cancellation | null
  /** Ends it. True if this call did; false if it had ended before. */
  cancel(by: LayerId, cause: CancelCause): boolean
  /** Called once when it ends, or at once if it has; the returned function takes the listener back. */
  onEnd(listener: (cancellation: Cancellation) => void): () => void
  child(): RequestContext
}

export function createContext(parent?: RequestContext): RequestContext {
  let ended: Cancellation | null = null
  const listeners = new Set<(cancellation: Cancellation) => void>()
  let letGo = () => {}
  const end = (cancellation: Cancellation): boolean => {
    if (ended) return false
    ended = cancellation
    letGo()
    for (const listener of listeners) listener(cancellation)
    listeners.clear()
    return true
  }
  const context: RequestContext = {
    get ended() { return ended },
    cancel: (by, cause) => end({ by, cause, error: cause.kind === 'limit' ? 'context deadline exceeded' : 'context canceled' }),
    onEnd(listener) {
      if (ended) { listener(ended); return () => {} }
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    child: () => createContext(context),
  }
  if (parent) letGo = parent.onEnd(end)
  return context
}
