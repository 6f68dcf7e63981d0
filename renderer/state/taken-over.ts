import type { DraftSettings } from '../../shared/bridge/contract.ts'
import { isPlain } from '../../shared/bridge/draft-settings.ts'
import { defaultStacks } from '../../shared/run/plan.ts'
import { planOfSettings, settingsOfPlan } from './plan-settings.ts'
import { changePlan } from './plan-undo.ts'
import { usePlan } from './plan.ts'

/** Sets limits, profile and flow as a window that is gone had them. What was set here takes their place: nothing that somebody set is lost. */
export function takeOtherSettings(settings: DraftSettings): void {
  changePlan(() => {
    const replaced = settingsOfPlan(usePlan.getState())
    usePlan.setState((state) => planOfSettings(settings, state))
    replaceSettings(settings, isPlain(replaced) ? [] : [replaced])
    return 'Limits and flow of the other window are set'
  })
}

export function discardOtherSettings(settings: DraftSettings): void {
  changePlan(() => { replaceSettings(settings, []); return 'Limits and flow of the other window discarded' })
}

/** The user has seen which scripts were taken over. */
export function closeTakenOver(): void {
  usePlan.setState({ takenOver: null })
}

function replaceSettings(settings: DraftSettings, by: DraftSettings[]): void {
  usePlan.setState(({ takenOver }) => {
    const rest = takenOver?.settings.flatMap((other) => (other === settings ? by : [other])) ?? []
    return { takenOver: takenOver && rest.length > 0 ? { ...takenOver, settings: rest } : null }
  })
}

/** What was set, in one line: `profile heroku; client.total 500ms, gateway.write off; proxy nginx`. */
export function wordsOfSettings({ limits, profile, flow }: DraftSettings): string {
  const changes = Object.entries(limits).map(([id, text]) => `${id} ${text.replace(/^profile /, '')}`)
  const { proxies = [], faults = [], python = null, propagateCancel = true, stacks = defaultStacks } = flow ?? {}
  return [
    `profile ${profile}`,
    ...(changes.length > 0 ? [changes.join(', ')] : []),
    ...(proxies.length > 0 ? [`${proxies.length === 1 ? 'proxy' : 'proxies'} ${proxies.join(', ')}`] : []),
    ...(faults.length > 0 ? [`${faults.length === 1 ? 'fault' : 'faults'} ${faults.map(({ text }) => text).join(', ')}`] : []),
    ...(python === null ? [] : [`Python ${python}`]),
    ...(propagateCancel ? [] : ['a cancel is not passed on to the script']),
    ...(stacks.rateHz === defaultStacks.rateHz ? [] : [stacks.rateHz === 0 ? 'stacks off' : `${stacks.rateHz} stacks per second`]),
    ...(stacks.locals ? ['with local variables'] : []), ...(stacks.allocations ? ['with allocations'] : []),
  ].join('; ')
}
