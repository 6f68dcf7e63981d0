import type { Cause } from '../../../verdict/causes.ts'
import { silentGateway, type Picture } from '../picture.ts'
import type { HttpView } from '../view.ts'

/** An error answer: who wrote it (its body and headers tell) and what that software means by it. */
export interface Answer {
  status: number
  /** The reason phrase behind the status; empty where none is known. */
  reason: string
  body: string
  server: string
  /** The product the `Server:` header names. */
  product: string | null
  /** null where only status and body are known (a client library). */
  view: HttpView | null
}

/** The picture of an answer this product writes; null if it did not write it. */
export type PageRule = (answer: Answer) => Picture | null

/** An upstream that was reached and failed, with every limit that may be behind it. */
export const brokenBehind: readonly Cause[] = ['proxy.bad_gateway', ...silentGateway]

/** An upstream that was not reached. */
export const unreachable: readonly Cause[] = ['proxy.refused', 'proxy.connect', 'proxy.backend_down']
