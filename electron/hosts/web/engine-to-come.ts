import type { EnginePort } from '../engine-port.ts'

/**
 * A port to an engine that is still being loaded: calls wait for it, listeners hear it from its first push on. Should it never come,
 * every call rejects with the reason. `answered` is told after each answer, for work that should not stand in a first screen's way.
 */
export function engineToCome(coming: Promise<EnginePort>, answered: (call: string) => void = () => undefined): EnginePort {
  return {
    async call(name, args) {
      const value = await (await coming).call(name, args)
      answered(name)
      return value
    },
    onPush(listener) {
      let left = false
      let stop = () => { left = true }
      void coming.then((engine) => { if (!left) stop = engine.onPush(listener) }, () => undefined)
      return () => stop()
    },
    close: async () => (await coming).close(),
  }
}
