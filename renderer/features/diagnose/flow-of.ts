import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { flowNodes, type FlowNode } from '../../../shared/flow/layers.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { outcomeOfCause } from '../../../shared/verdict/causes.ts'
import { nodeOf } from '../../ui/layers.ts'
import { exactMs } from '../../ui/numbers.ts'

/** One node of the drawing: who stands there by name, what is known of it, and whether it is the culprit. */
export interface FlowNodeWords { node: FlowNode; absent: boolean; culprit: boolean; what: string; when: string }

/** The flow of the request as far as the files show it, outermost first. Pure. */
export function flowOf(diagnosis: Diagnosis): FlowNodeWords[] {
  const { verdict } = diagnosis
  const culprit = verdict.layer && outcomeOfCause(verdict.cause) !== 'completed' ? nodeOf(verdict.layer) : null
  return flowNodes.map((node): FlowNodeWords => {
    const spans = diagnosis.spans.filter((span) => nodeOf(span.layer) === node)
    const limits = diagnosis.limits.filter((limit) => nodeOf(limit.layer) === node)
    const others = namesOf([...spans.map((span) => span.name), ...limits.map((limit) => limit.product)]).filter((name) => name !== node && name !== verdict.product)
    if (node === culprit) return { node, absent: false, culprit: true, what: verdict.directive ? [verdict.product, verdict.directive, 'fires'].filter((word) => word !== null).join(' ') : verdict.cause, when: verdict.atMs !== null ? exactMs(verdict.atMs) : verdict.limitMs === null ? '' : formatMs(verdict.limitMs) }
    const last = Math.max(...spans.map((span) => span.endMs ?? span.startMs))
    if (spans.length > 0) return { node, absent: false, culprit: false, what: others.join(', ') || (spans.some((span) => span.id === 'observer') ? 'as it was seen' : 'in the logs'), when: `until ${formatMs(Number(last.toPrecision(3)))}` }
    if (limits.length > 0) return { node, absent: false, culprit: false, what: others.join(', ') || 'configured', when: 'by its configuration' }
    return { node, absent: true, culprit: false, what: 'not in these files', when: '' }
  })
}

function namesOf(names: readonly string[]): string[] {
  const known = [...new Set(names.filter((name) => name !== ''))]
  return known.length > 3 ? [...known.slice(0, 2), `${known.length - 2} more`] : known
}
