import { flowNodeOf, type FlowNode, type LayerId } from '../../shared/flow/layers.ts'
import type { LogSource } from '../../shared/run/event.ts'

/** A layer's place on the screen: its colour class and its mark. `wrapper` and `script` are both drawn as python. */
export type LayerTone = 'client' | 'network' | 'proxy' | 'gateway' | 'connector' | 'python' | 'os'

/** The tone of a layer, of a verdict's layer (`python` is one of those) or of a log source. Platform limits act at the gateway but are the machine's. */
export function toneOf(layer: LayerId | LogSource | FlowNode): LayerTone {
  switch (layer) {
    case 'wrapper': case 'script': case 'stdout': case 'stderr': case 'python': return 'python'
    case 'os': case 'platform': case 'cutoff': return 'os'
    default: return layer
  }
}

/** The node on the drawing of the flow that a verdict's layer rings. */
export function nodeOf(layer: LayerId | 'python'): FlowNode {
  return layer === 'python' ? 'python' : flowNodeOf(layer)
}

/** What a layer is called on the screen. */
export const layerWords: Record<LayerTone, string> = {
  client: 'client', network: 'network', proxy: 'proxy', gateway: 'gateway', connector: 'connector', python: 'script', os: 'os',
}
