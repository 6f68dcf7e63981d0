import { debuggingAddress } from './browser.ts'

/** A spec's request to the main process: a function's source and its argument. */
export interface Request { id: number; source: string; arg: unknown }
export type Reply = { id: number; ok: unknown } | { id: number; error: string }

/** Answers the spec that started this process; without one there is nothing to do. */
export function startControl(): void {
  if (!process.send) return
  process.on('message', async ({ id, source, arg }: Request) => {
    try {
      const electron = await import('electron')
      const ok: unknown = source === 'debugging-address' ? debuggingAddress() : await new Function(`return (${source})`)()(electron, arg)
      process.send?.({ id, ok } satisfies Reply)
    } catch (error) {
      process.send?.({ id, error: String(error) } satisfies Reply)
    }
  })
  // The spec went: so does the app, and with it its browser.
  process.on('disconnect', () => process.exit(0))
}
