import type { ProxyEngine } from './layers.ts'
import { limitKindOf } from '../limits/catalog.ts'
import { baseUnitOf } from '../limits/units.ts'
import type { LimitSetting } from '../run/plan.ts'

/** A named set of limits. `value` null = the limit exists but is off. */
export interface Profile {
  name: string
  title: string
  /** What system this is, and where its numbers come from. */
  description: string
  limits: { id: string; value: number | null; origin: string; enforced?: boolean }[]
  proxies: ProxyEngine[]
  /** True: the numbers are a provider's published ones, enforced here by the same kind of layer, not by the provider. */
  emulated: boolean
}

const second = 1000
const MiB = 1024 ** 2

/** The system the classic case was seen in: limits of 30, 60 and 65 s, and a request that dies after 500 ms. */
export const transformationService: Profile = {
  name: 'transformation-service',
  title: 'Transformation service',
  description: 'A Go API gateway and transformation service in front of a Python wrapper: the system of the classic 500 ms case.',
  emulated: false,
  proxies: [],
  limits: [
    { id: 'gateway.read', value: 30 * second, origin: 'config.yaml' },
    { id: 'gateway.write', value: 30 * second, origin: 'config.yaml' },
    { id: 'connector.context', value: 65 * second, origin: 'profile' },
    { id: 'connector.python', value: 30 * second, origin: 'config.yaml' },
    { id: 'wrapper.timeout', value: 60 * second, origin: 'profile' },
    { id: 'os.address_space', value: 512 * MiB, origin: 'profile' },
  ],
}

/** Limits of a profile as a plan carries them. */
export function limitsOfProfile(profile: Profile): LimitSetting[] {
  return profile.limits.map(({ id, value, origin, enforced }) => {
    const kind = limitKindOf(id)
    if (!kind) throw new Error(`profile ${profile.name} names an unknown limit: ${id}`)
    return { id, value, unit: baseUnitOf[kind.kind], origin, enforced: enforced ?? true }
  })
}
