import type { DraftWindow } from '../../../shared/bridge/contract.ts'
import type { EnginePort } from '../engine-port.ts'

/** Knows which windows are connected: a browser tells its pages of each other, and of none in another browser. */
export interface WindowsHere {
  /** The engine as one connection has it; `left` is called at its end. */
  join(engine: EnginePort): { engine: EnginePort; left(): void }
}

export function createWindowsHere(): WindowsHere {
  const names = new Map<symbol, string>()
  return {
    join(engine) {
      const connection = Symbol('connection')
      const remember = (window: string | null | undefined) => { if (window) names.set(connection, window) }
      const withOthers = ({ window, present }: DraftWindow): DraftWindow => {
        remember(window)
        return { window, present: [...new Set([...present, ...[...names.values()].filter((name) => name !== window)])] }
      }
      return {
        engine: {
          ...engine,
          async call(name, args) {
            const call = { name, args } as CallOfWindow
            switch (call.name) {
              case 'saveDraft': remember(call.args[0].window); break
              case 'openDraft': case 'deskOpenDraft': return engine.call(call.name, [withOthers(call.args[0])]) as never
            }
            return engine.call(name, args)
          },
        },
        left: () => { names.delete(connection) },
      }
    },
  }
}

/** Calls by which a window names itself; the rest is none of its business. */
type CallOfWindow = { name: 'saveDraft'; args: [{ window?: string }] } | { name: 'openDraft' | 'deskOpenDraft'; args: [DraftWindow] }
