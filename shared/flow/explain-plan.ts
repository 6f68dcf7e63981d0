import { formatMs } from '../limits/units.ts'
import type { RunPlan } from '../run/plan.ts'
import { planFlow, type PlannedDeadline } from './plan-flow.ts'

/** "The client's 500 ms (client.total) comes first; the next is 30 s at the gateway (gateway.write), shown when the script ends." */
export function explainOrder(plan: Pick<RunPlan, 'limits' | 'proxies'>): string {
  const { first, second } = planFlow(plan)
  if (!first) return 'Nothing would end a request that waits for its script.'
  const opening = `${layerWords(first)} ${formatMs(first.atMs)} (${first.limitId}) ${first.effect === 'late' ? 'passes first, and shows only when the script ends' : 'comes first'}`
  if (!second) return `${opening}; nothing else would end the request.`
  return `${opening}; the next is ${formatMs(second.atMs)} at ${layerOf(second)} (${second.limitId})${second.effect === 'late' ? ', shown only when the script ends' : ''}.`
}

function layerOf(deadline: PlannedDeadline): string {
  const number = /^proxy(\d+)\./.exec(deadline.limitId)?.[1]
  return number ? `proxy ${number}` : `the ${deadline.layer}`
}

function layerWords(deadline: PlannedDeadline): string {
  const layer = layerOf(deadline)
  return `${layer.charAt(0).toUpperCase()}${layer.slice(1)}’s`
}
