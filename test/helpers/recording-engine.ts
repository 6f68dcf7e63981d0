import type { EnginePort, Push } from '../../electron/hosts/engine-port.ts'

/** An engine port for tests of the hosts: it answers with what it was told to, and pushes when asked. */
export interface RecordingEngine extends EnginePort {
  readonly calls: { name: string; args: unknown[] }[]
  push(push: Push): void
  listeners(): number
}

export function createRecordingEngine(answer: (name: string, args: unknown[]) => unknown = () => null): RecordingEngine {
  const calls: RecordingEngine['calls'] = []
  const listeners = new Set<(push: Push) => void>()
  return {
    calls,
    async call(name, args) {
      calls.push({ name, args })
      return await answer(name, args) as never
    },
    onPush(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    push: (push) => { for (const listener of listeners) listener(push) },
    listeners: () => listeners.size,
    close: async () => undefined,
  }
}
