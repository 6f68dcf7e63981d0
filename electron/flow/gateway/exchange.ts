import type { RequestContext } from '../context.ts'
import type { Headers } from '../http/headers.ts'

/** A request as the gateway hands it on: whole, body read. */
export interface GatewayRequest { method: string; target: string; headers: Headers; body: Buffer }
export interface GatewayAnswer { status: number; headers: Headers; body: Buffer }

/**
 * What stands behind the gateway. It must always settle, soon after its context ended; its answer is dropped when nobody is left
 * to hear it. A rejection is a panic in Go's terms: the connection is closed without an answer.
 */
export type Handle = (request: GatewayRequest, context: RequestContext) => Promise<GatewayAnswer>

export function jsonAnswer(status: number, json: string): GatewayAnswer {
  return { status, headers: [['Content-Type', 'application/json']], body: Buffer.from(json) }
}

/** `{"error": "..."}`, as the transformation service words its failures. */
export function errorAnswer(status: number, error: string): GatewayAnswer {
  return jsonAnswer(status, `${JSON.stringify({ error })}\n`)
}
