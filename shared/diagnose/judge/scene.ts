import type { Cause } from '../../verdict/causes.ts'
import type { DiagnosedLimit } from '../diagnosis.ts'
import type { LogFact } from '../logs/fact.ts'
import type { HopRequest } from '../logs/next-hop.ts'
import type { Picture } from '../observe/picture.ts'
import type { View } from '../observe/view.ts'

/** Everything known about one request: what its observer saw, what the logs say about it, which limits apply. */
export interface Scene {
  view: View | null
  picture: Picture | null
  /** Facts of this request, and of processes around its time. */
  facts: LogFact[]
  /** What the next hop saw, where somebody recorded it. */
  hops: HopRequest[]
  limits: DiagnosedLimit[]
  /** How long the request took: as the view says, else as the logs do; null if nobody knows. */
  elapsedMs: number | null
  /** When it began, ms since 1970; null without a dated log line. */
  startMs: number | null
  /** How many requests the logs know, and how many of them ended badly. */
  requests: number
  failed: number
  /** How other requests of the logs ended that may be meant as well. */
  rivals: Cause[]
  /** Software known to forward requests here: from configurations, logs and headers. */
  proxies: string[]
}

/** The client's own end of the connection came from the other side. */
export function cutFromOutside(scene: Scene): boolean {
  const view = scene.view
  if (view?.kind === 'http') return (view.end === 'fin' || view.end === 'rst') && view.complete !== true
  return false
}

/** The client got nothing, or less than it was promised. */
export function lostAnswer(scene: Scene): boolean {
  const view = scene.view
  if (view?.kind === 'http') return view.status === null ? view.end === 'fin' || view.end === 'rst' : view.complete === false
  if (view?.kind === 'client-lib') return view.status === null && (scene.picture?.candidates.includes('gateway.write') ?? false)
  return false
}

/** An entry that reports a client that left; undefined if there is none. */
export function findCanceled(scene: Scene): LogFact | undefined {
  return scene.facts.find((fact) => fact.signs.some((sign) => sign.role === 'sees' && sign.cause === 'client.canceled'))
}
