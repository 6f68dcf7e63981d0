import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEvent } from '../../shared/run/event.ts'
import type { SavedRun } from '../../shared/run/record.ts'

/** A recorded run with this many spans more below its script: as long as the script ran, eight deep at most, one after the other on each level. */
export async function runWithSpans(count: number): Promise<SavedRun> {
  const saved = JSON.parse(await readFile(join(import.meta.dirname, '../../test/fixtures/runs/completed.v1.json'), 'utf8')) as SavedRun
  const started = saved.events.find((event) => event.type === 'span_started' && event.spanId === 'python')?.atMs ?? 0
  const ended = saved.events.find((event) => event.type === 'span_ended' && event.spanId === 'python')?.atMs ?? started + 1000
  const step = (ended - started) / (count + 1)
  const more: RunEvent[] = []
  for (let index = 0; index < count; index++) {
    const level = index % 8
    const from = started + step * index
    const to = Math.min(ended, started + step * (index + 8 - level))
    more.push({ type: 'span_started', spanId: `part${index}`, parentId: level === 0 ? 'python' : `part${index - 1}`, layer: 'script', name: `part ${index}`, seq: 0, atMs: from })
    more.push({ type: 'span_ended', spanId: `part${index}`, status: 'ok', seq: 0, atMs: to })
  }
  const events = [...saved.events, ...more].toSorted((one, other) => one.atMs - other.atMs || one.seq - other.seq).map((event, seq) => ({ ...event, seq }))
  return { ...saved, record: { ...saved.record, id: `spans-${count}` }, events }
}
