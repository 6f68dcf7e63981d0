import type { FlowNode } from '../../../shared/flow/layers.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { toneOf } from '../../ui/layers.ts'
import { tickingMs } from '../../ui/numbers.ts'
import { nextLimits } from './next-limits.ts'

/** Where the request is while the run goes on. */
export function hereOf(run: Run): FlowNode {
  if (run.stages.script_finished) return 'gateway'
  if (run.stages.script_started) return 'python'
  if (run.stages.connector_started) return 'connector'
  return run.stages.request_received ? 'gateway' : 'client'
}

/** Under each node, what ends it next, such as `write in 12.4 s`. */
export function liveWords(run: Run, nowMs: number): Partial<Record<FlowNode, string>> {
  const words: Partial<Record<FlowNode, string>> = {}
  for (const limit of nextLimits(run, nowMs)) {
    const tone = toneOf(run.limits.find((candidate) => candidate.id === limit.limitId) ? (limit.limitId.split('.')[0]?.replace(/\d+$/, '') as 'client') : 'client')
    if (tone !== 'os') words[tone] ??= `${limit.limitId.split('.')[1] ?? ''} in ${tickingMs(limit.inMs)}`
  }
  words.client = tickingMs(nowMs)
  return words
}
