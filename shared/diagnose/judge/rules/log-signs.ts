import type { Cause } from '../../../verdict/causes.ts'
import type { Rule } from '../../../verdict/finding.ts'
import { signEvidence } from '../evidence.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import type { Scene } from '../scene.ts'
import type { LogFact, Sign } from '../../logs/fact.ts'
import { fitsLimit } from '../../products.ts'
import { endOf } from '../skew.ts'

/** Seen from one hop away, an ending is never quite certain: what is behind it may be somebody's limit. */
const mostForSeen = 0.86
/** A hint below this is only worth mentioning. */
const leastHint = 0.5
/** A hint from here on may stand alone where the observer's view agrees with it. */
const firmHint = 0.7

/** What log entries say: who acted by himself, and who only met the outcome of it. */
export const logSigns: Rule<Scene> & { find(scene: Scene): DiagnosisFinding[] } = {
  name: 'log-signs',
  find: (scene) => scene.facts.flatMap((fact) => fact.signs.flatMap((sign) => {
    if (sign.role === 'fine' || (sign.role === 'hint' && sign.confidence < leastHint)) return []
    const cause = causeFor(sign, scene, fact.tookMs ?? fact.request?.upstreams.at(-1)?.totalMs ?? null)
    const confidence = sign.role === 'acts' ? sign.confidence : Math.min(mostForSeen, sign.confidence)
    return [findingOf({
      cause, confidence: cause === sign.cause ? confidence : Math.min(confidence, 0.88), atMs: atOf(fact, scene), weak: sign.role === 'sees' || (sign.role === 'hint' && !(scene.picture !== null && fits(cause, scene) && sign.confidence >= firmHint)),
      evidence: [signEvidence(fact, sign)], product: sign.product ?? (fact.product || null), directive: cause === 'client.canceled' ? null : sign.directive, limitMs: sign.limitMs, tookMs: fact.tookMs ?? (sign.cause.startsWith('proxy.') ? fact.request?.upstreams.at(-1)?.totalMs ?? null : null),
      orElse: (sign.orElse ?? []).concat(sign.role === 'sees' ? behind(sign.cause) : []).filter((other) => other !== cause),
    })]
  })),
}

/** The observer's view may decide between causes that share one entry's words; so may the time the entry tells, where only one of them has a limit of that length. */
function causeFor(sign: Sign, scene: Scene, tookMs: number | null): Cause {
  const byLimit = tookMs === null || sign.role !== 'acts' ? [] : [sign.cause, ...(sign.orElse ?? [])].filter((cause) => scene.limits.some((limit) => limit.cause === cause && limit.enforced && !limit.isDefault && limit.valueMs !== null && fitsLimit(limit.product, limit.valueMs, tookMs)))
  if (byLimit.length === 1 && byLimit[0] && fits(byLimit[0], scene)) return byLimit[0]
  if (fits(sign.cause, scene)) return sign.cause
  return sign.orElse?.find((cause) => fits(cause, scene)) ?? sign.cause
}

function fits(cause: Cause, scene: Scene): boolean {
  return scene.picture === null || scene.picture.candidates.includes(cause)
}

/** What an ending seen from one hop away may really have been. */
function behind(cause: Cause): Cause[] {
  if (cause === 'proxy.bad_gateway') return ['gateway.write', 'gateway.worker', 'gateway.stopped', 'gateway.idle']
  if (cause === 'client.canceled') return ['client.total', 'client.first_byte', 'proxy.read']
  return []
}

/**
 * When an entry's ending happened, ms since the request began. Entries within a second and a half of the end are the end:
 * many logs count whole seconds.
 */
function atOf(fact: LogFact, scene: Scene): number | null {
  const end = endOf(fact)
  if (end === null || scene.startMs === null || scene.elapsedMs === null) return scene.elapsedMs
  // An access line is written about the whole request, whenever its clock was read.
  if (fact.request !== null && fact.request.status !== null) return scene.elapsedMs
  const at = end - scene.startMs
  return Math.abs(at - scene.elapsedMs) <= 1500 ? scene.elapsedMs : Math.max(0, at)
}
