import { flowNodeOf, type LayerId } from '../../flow/layers.ts'
import type { LogSource } from '../../run/event.ts'

/** Colours go by these names: the nodes of the flow, and what surrounds them. */
export type Tone = 'client' | 'network' | 'proxy' | 'gateway' | 'connector' | 'python' | 'os'
export const tones: readonly Tone[] = ['client', 'network', 'proxy', 'gateway', 'connector', 'python', 'os']

export function toneOf(layer: LayerId | LogSource | 'python'): Tone {
  switch (layer) {
    case 'os': case 'platform': case 'cutoff': return 'os'
    case 'stdout': case 'stderr': case 'python': return 'python'
    default: return flowNodeOf(layer)
  }
}
