import { baseOf, limitKindOf } from '../../limits/catalog.ts'
import { formatMs } from '../../limits/units.ts'
import { hopsOf } from '../plan-flow.ts'
import { justBelow, roomAbove, setTo, type Active, type Lint, type LintedPlan } from './lint.ts'

/**
 * The rule of every chain of timeouts: each must be shorter than those around it, so that whoever gives up first is the one who
 * knows why, and the answer can still pass through the others. Broken in three ways: far too short outside, too long inside, equal.
 */
export function orderLints(active: readonly Active[], plan: LintedPlan): Lint[] {
  const chain = chainOf(active, plan)
  return [...tooShortOutside(chain), ...tooLongInside(chain), ...equal(chain)]
}

/** A limit at one place of the chain. A limit of all proxies stands once for each. */
interface Stand { limit: Active; place: number; hop: number | null; name: string }

/** Outside in: what ends a request that waits for its script. */
const places: Record<string, number> = {
  'client.total': 0, 'client.first_byte': 1, 'proxy.read': 10, 'gateway.write': 30, 'gateway.handler': 31, 'gateway.worker': 32, 'platform.duration': 33,
  'connector.context': 40, 'connector.python': 45, 'wrapper.timeout': 50,
}

function chainOf(active: readonly Active[], plan: LintedPlan): Stand[] {
  const stands = active.flatMap((limit): Stand[] => {
    const place = places[baseOf(limit.id)]
    if (place === undefined) return []
    const hops = hopsOf(limit, plan)
    if (hops.length === 0) return [{ limit, place, hop: null, name: limit.id }]
    return hops.map((hop) => ({ limit, place: place + hop, hop, name: hops.length > 1 ? `${limit.id} (hop ${hop})` : limit.id }))
  })
  return stands.toSorted((a, b) => a.place - b.place)
}

/** More than this many times shorter than everything behind it: no matter of order, but a number nobody thought of. */
const farTooShort = 5

function isFarTooShort(outer: Stand, behind: readonly Stand[]): boolean {
  return behind.length > 0 && outer.limit.value * farTooShort <= Math.min(...behind.map((inner) => inner.limit.value))
}

function behindOf(chain: readonly Stand[], index: number): Stand[] {
  const outer = chain[index]
  return outer ? chain.slice(index + 1).filter((inner) => !sameSide(outer, inner)) : []
}

/** The classic case: an outer limit far below everything behind it. One sentence for the outermost of them. */
function tooShortOutside(chain: readonly Stand[]): Lint[] {
  const index = chain.findIndex((outer, at) => isFarTooShort(outer, behindOf(chain, at)))
  const outer = chain[index]
  if (!outer) return []
  const behind = behindOf(chain, index).map((inner) => inner.limit.value)
  const { limit } = outer
  return [{
    id: `short-outer:${limit.id}`, severity: 'warning', limitIds: [limit.id],
    title: `${outer.name} is ${Math.round(Math.min(...behind) / limit.value)} times shorter than anything behind it.`,
    text: `${slowerThan(limit)} ${whatHappens(limit)}`,
    fix: setTo(limit, roomAbove(Math.max(...behind))),
  }]
}

function slowerThan({ value }: Active): string {
  return `A script slower than about ${formatMs(value * 0.9)}`
}

function whatHappens(limit: Active): string {
  if (baseOf(limit.id) === 'gateway.write') return 'runs to its end, and its answer is lost: the client gets an empty reply, and nothing is logged.'
  return 'dies with "signal: killed" and none of its own limits is named.'
}

/** One sentence per inner limit: the outer one that leaves it least, of equal ones the innermost. Per outer one only the worst is looked at. */
function tooLongInside(chain: readonly Stand[]): Lint[] {
  const found = chain.flatMap((outer, index): { outer: Stand; worst: Stand }[] => {
    const behind = behindOf(chain, index)
    const worst = behind.filter((inner) => inner.limit.value > outer.limit.value && inner.limit !== outer.limit).toSorted((a, b) => b.limit.value - a.limit.value)[0]
    if (!worst || isFarTooShort(outer, behind)) return []
    return [{ outer, worst }]
  })
  const tightest = [...Map.groupBy(found, ({ worst }) => worst.limit.id).values()].flatMap((pairs) => pairs.toReversed().toSorted((a, b) => a.outer.limit.value - b.outer.limit.value).slice(0, 1))
  return tightest.map(({ outer, worst }) => ({
    id: `inner-above-outer:${worst.limit.id}:${outer.limit.id}`, severity: 'warning', limitIds: [worst.limit.id, outer.limit.id],
    title: `${worst.name} ${formatMs(worst.limit.value)} is longer than ${outer.name} ${formatMs(outer.limit.value)}.`,
    text: overshoot(outer, worst), fix: setTo(worst.limit, justBelow(outer.limit.value)),
  }))
}

function overshoot(outer: Stand, inner: Stand): string {
  if (baseOf(outer.limit.id) === 'gateway.write') {
    return baseOf(inner.limit.id) === 'gateway.handler' ? 'Its 503 is written after the write deadline: the client gets an empty reply instead.' : `Work done after ${formatMs(outer.limit.value)} is answered to nobody, and nothing is logged.`
  }
  return `${outer.name} ends the request first; ${inner.name} never gets to say why.`
}

/** Equal limits, each with the next one inwards; of a limit that holds for several proxies one sentence for all. */
function equal(chain: readonly Stand[]): Lint[] {
  const lints = chain.flatMap((outer, index) => chain.slice(index + 1).filter((inner) => inner.limit.value === outer.limit.value).slice(0, 1).map((inner) => tieOf(outer, inner, chain.slice(0, index))))
  return lints.filter((lint, index) => lints.findIndex((other) => other.id === lint.id) === index)
}

function tieOf(outer: Stand, inner: Stand, around: readonly Stand[]): Lint {
  const { limit } = outer
  const same = limit === inner.limit
  // The outer one is given room where those around it leave some; else the inner one makes it.
  const roomy = roomAbove(limit.value)
  const fits = around.every((other) => other.limit.value > roomy)
  const changed = fits ? outer : inner
  return {
    id: `equal:${limit.id}:${inner.limit.id}`, severity: 'warning', limitIds: same ? [limit.id] : [limit.id, inner.limit.id],
    title: same ? `${limit.id} ${formatMs(limit.value)} holds for several proxies in a row: they tie.` : `${outer.name} and ${inner.name} tie at ${formatMs(limit.value)}.`,
    text: baseOf(limit.id) === 'gateway.write'
      ? `They pass a few ms apart, so the error that the ${limitKindOf(inner.limit.id)?.layer ?? 'connector'} writes can no longer reach the client: it sees an empty reply.`
      : 'They pass a few ms apart: which of them answers is chance, and the log may name either.',
    fix: setTo(changed.limit, fits ? roomy : justBelow(limit.value), same ? `proxy${changed.hop ?? 1}.${limit.id.slice('proxy.'.length)}` : changed.limit.id),
  }
}

/** Limits on the script itself, and the client's two, are ordered by `never-fires.ts` instead. */
function sameSide(a: Stand, b: Stand): boolean {
  const groups = [['connector.context', 'connector.python', 'wrapper.timeout'], ['client.total', 'client.first_byte'], ['gateway.handler', 'gateway.worker']]
  return groups.some((group) => group.includes(baseOf(a.limit.id)) && group.includes(baseOf(b.limit.id)))
}
