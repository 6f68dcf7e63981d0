import { faultLints } from './faults.ts'
import { notInForce } from './in-force.ts'
import { activeLimits, type Lint, type LintedPlan, type Machine } from './lint.ts'
import { neverFires } from './never-fires.ts'
import { orderLints } from './order.ts'
import { suspicious } from './suspicious.ts'

export type { Lint, Machine } from './lint.ts'

/** All lints of a plan, warnings first; pure and quick, so they can be recomputed at every key press. `machine`: what is known of where it will run. */
export function lintPlan(plan: LintedPlan, machine: Machine = {}): Lint[] {
  // A limit that this machine cannot hold cuts nothing here.
  const active = activeLimits(plan).filter((limit) => !machine.missing?.some((power) => power.limitId === limit.id))
  const lints = [...orderLints(active, plan), ...neverFires(active), ...suspicious(active), ...faultLints(active, plan), ...notInForce(plan, machine)]
  return [...lints.filter((lint) => lint.severity === 'warning'), ...lints.filter((lint) => lint.severity === 'note')]
}
