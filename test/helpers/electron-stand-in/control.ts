import { debuggingAddress } from './browser.ts'
import { serveSpecClient } from './spec-client.ts'

/** A spec's request to the main process: a function's source and its argument. */
export interface Request { id: number; source: string; arg: unknown }
export type Reply = { id: number; ok: unknown } | { id: number; error: string }

let served: Promise<string> | null = null
/** Where the spec reaches the same Chromium; throws while that is not there. */
function addressForSpec(): Promise<string> {
  debuggingAddress()
  served ??= serveSpecClient(debuggingAddress)
  return served
}

/** Answers the spec that started this process; without one there is nothing to do. */
export function startControl(): void {
  if (!process.send) return
  process.on('message', async ({ id, source, arg }: Request) => {
    try {
      const electron = await import('electron')
      const ok: unknown = source === 'debugging-address' ? await addressForSpec() : await new Function(`return (${source})`)()(electron, arg)
      process.send?.({ id, ok } satisfies Reply)
    } catch (error) {
      process.send?.({ id, error: String(error) } satisfies Reply)
    }
  })
  // The spec went: so does the app, and with it its browser.
  process.on('disconnect', () => process.exit(0))
}
