import type { Endpoint } from '../endpoint.ts'

/** What a proxy needs to know of its place in the chain. */
export interface ProxyPlace {
  /** 1 = the outermost. Its limits are `proxy1.*`, its span is `proxy1`. */
  hop: number
  upstream: Endpoint
  /** `reject`: turns every request away by rule; `backend_down`: holds its backend for dead. Left out: passes requests on. */
  fault?: 'reject' | 'backend_down'
  /** Another request holds the only connection to upstream until `untilMs` of the run. `text`: as the fault was asked for. */
  busy?: { untilMs: number; text: string }
  /** Keeps its connection to upstream for the next request. `text`: as the fault was asked for. */
  keepUpstream?: { text: string }
  /** Id of the span of the hop in front. */
  parentSpanId: string
}

export interface RunningProxy {
  readonly port: number
  /** Settles when every request has been finished and what it logged has been read. */
  settled(): Promise<void>
  /** Stops it; settles when its processes, sockets and files are gone. */
  close(): Promise<void>
}
