import type { LayerId } from '../../shared/flow/layers.ts'
import type { Emit, SpanStatus } from '../../shared/run/event.ts'

/** A span that is going on. `end` counts once; later calls change nothing. */
export interface OpenSpan { readonly id: string; end(status: SpanStatus, atMs?: number): void }

/** Starts spans. Ids are paths people can read (`proxy1/connect`); a repeated one gets `#2`, so parents can be named by id. */
export interface Spans {
  start(id: string, layer: LayerId, name: string, parentId: string | null, atMs?: number): OpenSpan
  /** What starts from now on belongs to another request than the run's own: `proxy1/connect` becomes `proxy1/earlier/connect`. Null: the run's own again. */
  setMark(mark: string | null): void
}

export function createSpans(emit: Emit): Spans {
  const used = new Map<string, number>()
  let mark: string | null = null
  const marked = (id: string): string => {
    const [place = '', ...rest] = id.split('/')
    return rest[0] === mark ? id : [place, mark, ...rest].join('/')
  }
  return {
    setMark(next) { mark = next },
    start(path, layer, name, parent, atMs) {
      const wanted = mark === null ? path : marked(path)
      const parentId = parent === null || mark === null ? parent : marked(parent)
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
