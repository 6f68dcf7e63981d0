import type { Engine } from '../../engine.ts'
import { version } from '../cli/version.ts'
import { serveWeb, type WebHost } from '../web.ts'
import { engineToCome } from './engine-to-come.ts'

/** The whole app for browsers on this machine. */
export interface ServedApp {
  readonly host: WebHost
  /** The engine, once it is loaded; rejects where it cannot be. */
  readonly engine: Promise<Engine>
  /** Ends the screens, then the engine with all it runs. */
  close(): Promise<void>
}

/** A spare interpreter is made ready this long (ms) after a screen was greeted: by then it is drawn. */
const warmAfterGreetingMs = 250
/** ... and after this long (ms) where no screen comes: the first run should find it. */
const warmAtLatestMs = 3000

/**
 * Serves screen and engine. Resolves when the address answers, which is before the engine is loaded: the browser fetches the page
 * meanwhile, and its first calls wait. Rejects with a UsageError where the port or the built screen cannot be had.
 */
export async function serveApp(options: { port?: number } = {}): Promise<ServedApp> {
  const loading = Promise.withResolvers<Engine>()
  let warming: NodeJS.Timeout | undefined
  const warmIn = (ms: number) => {
    clearTimeout(warming)
    warming = setTimeout(() => { void loading.promise.then((engine) => engine.warm()) }, ms)
  }
  const host = await serveWeb({ engine: engineToCome(loading.promise, (call) => { if (call === 'hello') warmIn(warmAfterGreetingMs) }), ...options })
  // Only when everything that waits for the address has been told: what follows keeps this thread busy for a while.
  setImmediate(() => { loadEngine().then(loading.resolve, loading.reject) })
  warmIn(warmAtLatestMs)
  loading.promise.catch(() => clearTimeout(warming))
  return {
    host, engine: loading.promise,
    async close() {
      clearTimeout(warming)
      await host.close()
      await loading.promise.then((engine) => engine.close(), () => undefined)
    },
  }
}

async function loadEngine(): Promise<Engine> {
  const { createEngine } = await import('../../engine.ts')
  return createEngine({ history: 'on', host: 'web', version: await version() })
}
