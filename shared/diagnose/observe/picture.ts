import type { Cause } from '../../verdict/causes.ts'
import type { Need } from '../diagnosis.ts'

/** What one observer's view proves, and what it leaves open. */
export interface Picture {
  /** What was seen, in a sentence. */
  saw: string
  /** Causes it cannot exclude, the likeliest first. */
  candidates: Cause[]
  /** The cause the view itself points to; null where picking one would be a guess. */
  lead: { cause: Cause; confidence: number } | null
  product: string | null
  directive: string | null
  limitMs: number | null
  /** When it happened, ms since the request began. */
  atMs: number | null
  need: Need[]
}

/** A picture with the usual blanks. */
export function pictureOf(known: Pick<Picture, 'saw' | 'candidates'> & Partial<Picture>): Picture {
  return { lead: null, product: null, directive: null, limitMs: null, atMs: null, need: [], ...known }
}

/** A picture that names its own cause. */
export function named(cause: Cause, confidence: number, saw: string, known: Partial<Picture> = {}): Picture {
  return pictureOf({ saw, candidates: [cause], lead: { cause, confidence }, ...known })
}

/** What a gateway can do to a connection without a word to its client. */
export const silentGateway: readonly Cause[] = ['gateway.write', 'gateway.worker', 'gateway.stopped', 'gateway.idle']

/** End of stream without a byte: every layer in between may have done it. */
export const endWithoutByte: readonly Cause[] = [
  ...silentGateway, 'proxy.read', 'proxy.idle', 'proxy.stopped', 'proxy.bad_gateway', 'proxy.connect', 'proxy.refused', 'proxy.backend_down', 'proxy.client_write', 'network.closed',
]

/** The same while the request is still being sent. */
export const endBeforeRequest: readonly Cause[] = ['proxy.client_header', 'proxy.client_body', 'gateway.read_header', 'gateway.read']

/** A body that ends too early. */
export const cutShort: readonly Cause[] = ['proxy.read', 'proxy.bad_gateway', 'gateway.write', 'gateway.worker', 'gateway.stopped', 'gateway.idle', 'proxy.client_write', 'proxy.idle', 'proxy.stopped', 'network.closed']

/** A reset. */
export const resetBySomebody: readonly Cause[] = ['network.reset', 'network.idle_drop', 'gateway.stopped', 'gateway.idle', 'proxy.stopped', 'proxy.idle']

/** Silence until somebody gives up. */
export const silence: readonly Cause[] = ['client.total', 'network.blackhole', 'network.idle_drop', 'network.reset', 'gateway.stopped', 'none']
