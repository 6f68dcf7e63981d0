import type { LayerId } from '../flow/layers.ts'
import type { Span } from '../run/record.ts'

/** Which lane of its layer each span is drawn in, and how many lanes each layer needs. */
export interface Lanes { of: Map<Span, number>; count: Map<LayerId, number> }

/**
 * Spans of one thread of a trace must lie inside each other or side by side; a viewer draws anything else wrongly. Those that
 * cross a span of their lane go to the next lane.
 */
export function lanesOf(spans: readonly Span[]): Lanes {
  const of = new Map<Span, number>()
  const count = new Map<LayerId, number>()
  /** Per layer and lane, the ends of the spans that are open, innermost last. */
  const open = new Map<LayerId, number[][]>()
  const inOrder = spans.toSorted((a, b) => a.startMs - b.startMs || endOf(b) - endOf(a))
  for (const span of inOrder) {
    const lanes = open.get(span.layer) ?? []
    open.set(span.layer, lanes)
    for (const lane of lanes) while (lane.length > 0 && lane.at(-1)! <= span.startMs) lane.pop()
    let index = lanes.findIndex((lane) => lane.length === 0 || lane.at(-1)! >= endOf(span))
    if (index === -1) index = lanes.push([]) - 1
    lanes[index]!.push(endOf(span))
    of.set(span, index)
    count.set(span.layer, lanes.length)
  }
  return { of, count }
}

function endOf(span: Span): number {
  return span.endMs ?? Infinity
}
