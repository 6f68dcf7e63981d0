import type { LayerId } from '../../shared/flow/layers.ts'
import type { Emit, SpanStatus } from '../../shared/run/event.ts'

/** A span that is going on. `end` counts once; later calls change nothing. */
export interface OpenSpan { readonly id: string; end(status: SpanStatus, atMs?: number): void }

/** Starts spans. Ids are paths people can read (`proxy1/connect`); a repeated one gets `#2`, so parents can be named by id. */
export interface Spans { start(id: string, layer: LayerId, name: string, parentId: string | null, atMs?: number): OpenSpan }

export function createSpans(emit: Emit): Spans {
  const used = new Map<string, number>()
  return {
    start(wanted, layer, name, parentId, atMs) {
      const times = (used.get(wanted) ?? 0) + 1
      used.set(wanted, times)
      const id = times === 1 ? wanted : `${wanted}#${times}`
      emit({ type: 'span_started', spanId: id, parentId, layer, name }, atMs)
      let open = true
      return {
        id,
        end(status, endMs) {
          if (!open) return
          open = false
          emit({ type: 'span_ended', spanId: id, status }, endMs)
        },
      }
    },
  }
}
