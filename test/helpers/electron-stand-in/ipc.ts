import { EventEmitter } from 'node:events'
import { createCodec } from './codec.ts'
import type { FromPage } from './isolated-world.ts'

type Handler = (event: unknown, ...args: unknown[]) => unknown
const codec = createCodec()

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()
  handle(channel: string, handler: Handler) {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }
  removeHandler(channel: string) { this.#handlers.delete(channel) }
  /** One message of a page. What a handler returns has to be data. */
  async receive(event: object, { kind, channel, args }: FromPage): Promise<unknown> {
    if (kind === 'send') return this.emit(channel, event, ...args)
    const handler = this.#handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    const result = await handler(event, ...args)
    codec.encode(result)
    return result
  }
}
export const ipcMain = new IpcMain()
