/** The layers of the flow, outermost first. Roles, not products: whoever forwards to a next HTTP hop is the proxy for that hop. */
export const layerIds = ['client', 'network', 'proxy', 'gateway', 'connector', 'wrapper', 'script', 'os', 'platform'] as const
export type LayerId = (typeof layerIds)[number]

/** The layers that stand on the drawing of the flow; wrapper and script share the python node, os and platform surround it. */
export const flowNodes = ['client', 'network', 'proxy', 'gateway', 'connector', 'python'] as const
export type FlowNode = (typeof flowNodes)[number]

/** The node on which a layer is drawn. */
export function flowNodeOf(layer: LayerId): FlowNode {
  switch (layer) {
    case 'wrapper': case 'script': case 'os': return 'python'
    case 'platform': return 'gateway'
    default: return layer
  }
}

/** The five stages of every run, in the order they are reached. */
export const stageIds = ['request_received', 'connector_started', 'script_started', 'script_finished', 'response_returned'] as const
export type StageId = (typeof stageIds)[number]
export const stageLayer: Record<StageId, LayerId> = {
  request_received: 'gateway', connector_started: 'connector', script_started: 'script', script_finished: 'script', response_returned: 'client',
}

export const proxyEngines = ['builtin', 'nginx', 'haproxy'] as const
/** More hops in a row than anybody has found; each is a server or a process of its own. */
export const mostProxies = 16
export type ProxyEngine = (typeof proxyEngines)[number]
