import type { CallName } from '../../shared/bridge/contract.ts'
import type { Answer, Push } from '../hosts/engine-port.ts'

/** What main process and engine process tell each other. */
export type ToEngine = { kind: 'call'; id: number; name: CallName; args: unknown[] } | { kind: 'close' }
export type FromEngine = { kind: 'ready' } | { kind: 'answer'; id: number; answer: Answer } | { kind: 'push'; push: Push }
