import type { Draft, DraftSettings } from '../../shared/bridge/contract.ts'
import { draftOfEdits, editsOfDraft } from './limits-of-plan.ts'
import type { PlanState } from './plan.ts'

/** What settings change of a plan. */
export type PlanOfSettings = Pick<PlanState, 'edits' | 'profileName'> & Partial<NonNullable<Draft['flow']>>

/** How the plan runs its scripts, as a draft keeps it. */
export function settingsOfPlan({ edits, profileName, proxies, faults, python, propagateCancel, stacks }: PlanState): Required<DraftSettings> {
  return { limits: draftOfEdits(edits), profile: profileName, flow: { proxies, faults, python, propagateCancel, stacks } }
}

/** Inverse of `settingsOfPlan`. A profile that is not among `profiles` leaves the present one. */
export function planOfSettings({ limits, profile, flow }: DraftSettings, { profiles, profileName }: Pick<PlanState, 'profiles' | 'profileName'>): PlanOfSettings {
  return { ...flow, edits: editsOfDraft(limits), profileName: profiles.some(({ name }) => name === profile) ? profile : profileName }
}
