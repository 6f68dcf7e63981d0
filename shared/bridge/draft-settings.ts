import { transformationService } from '../flow/profiles.ts'
import { defaultStacks } from '../run/plan.ts'
import type { Draft, DraftSettings } from './contract.ts'

/** How scripts are run where nobody has set anything. */
const plainFlow: NonNullable<Draft['flow']> = { proxies: [], faults: [], python: null, propagateCancel: true, stacks: defaultStacks }
const plain = identityOf({ limits: {}, profile: transformationService.name })

/** The settings of a draft without its scripts. */
export function settingsOf({ limits, profile, flow }: DraftSettings): DraftSettings {
  return { limits, profile, ...(flow ? { flow } : {}) }
}

/** Has nobody set anything? */
export function isPlain(settings: DraftSettings): boolean {
  return identityOf(settings) === plain
}

/** `kept` with those of `more` that say something else than `own` and than each other; plain ones are not worth keeping. */
export function otherSettings(own: DraftSettings, kept: readonly DraftSettings[], more: readonly DraftSettings[]): DraftSettings[] {
  const known = new Set([plain, identityOf(own), ...kept.map(identityOf)])
  return [...kept, ...more.filter((settings) => {
    const identity = identityOf(settings)
    if (known.has(identity)) return false
    known.add(identity)
    return true
  })]
}

/** The same for settings that say the same, in whichever order. */
function identityOf({ limits, profile, flow }: DraftSettings): string {
  const { proxies, faults, python, propagateCancel, stacks } = { ...plainFlow, ...flow }
  const { rateHz, locals, allocations } = stacks
  return JSON.stringify([profile, Object.entries(limits).toSorted(([one], [other]) => (one < other ? -1 : 1)), proxies, faults, python, propagateCancel, rateHz, locals, allocations])
}
