import { transformationService, type Profile } from '../../shared/flow/profiles.ts'
import { call, onHello } from './engine.ts'
import { usePlan } from './plan.ts'

let known: readonly Profile[] = [transformationService]
let asked: Promise<void> | null = null

/** Those that came with the engine, as far as they are here. */
export function knownProfiles(): readonly Profile[] {
  return known
}

/**
 * Resolves when the profiles that come with the engine are in the plan's list; asked for once, and again whenever the engine comes back. It
 * takes the engine a while to read them, so nothing that is drawn first waits for them.
 */
export function shippedProfiles(): Promise<void> {
  return asked ??= ask()
}

async function ask(): Promise<void> {
  for (;;) {
    try {
      known = await call('profiles')
      break
    } catch {
      await new Promise<void>((resolve) => { onHello(() => resolve()) })
    }
  }
  usePlan.setState(({ profiles }) => ({ profiles: [...known, ...profiles.filter((profile) => !known.some((other) => other.name === profile.name))] }))
}
