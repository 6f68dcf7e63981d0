import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stacksSummaryOf } from '../../../shared/stacks/summary.ts'
import type { RunEvent, RunEventBody, StackState } from '../../../shared/run/event.ts'
import type { SavedRun } from '../../../shared/run/record.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/runs')
export const runKinds = ['cut', 'failed', 'completed'] as const

/** The text of a run that was saved by version 1. */
export function savedText(kind: (typeof runKinds)[number]): string {
  return readFileSync(join(fixtures, `${kind}.v1.json`), 'utf8')
}

export function savedRun(kind: (typeof runKinds)[number]): SavedRun {
  return JSON.parse(savedText(kind)) as SavedRun
}

/** The same value with every text in it put through `change`. */
export function mapTexts<T>(value: T, change: (text: string, key: string) => string, key = ''): T {
  const changed: unknown = typeof value === 'string' ? change(value, key)
    : Array.isArray(value) ? value.map((item) => mapTexts<unknown>(item, change, key))
      : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts<unknown>(item, change, name)]))
        : value
  return changed as T
}

/** The cut run with samples of two threads and of a child process, imports, a collector's pause and a stack with locals, as they are stored now. */
export function sampledRun(): SavedRun {
  const run = savedRun('cut')
  const main = run.events.find((event) => event.type === 'process_started')?.pid ?? 0
  const file = run.record.plan.script.path ?? ''
  const sample = (atMs: number, thread: number, stack: number, state: StackState, pid?: number) => ({ atMs, thread, stack, state, ...(pid === undefined ? {} : { pid }) })
  const bodies: RunEventBody[] = [
    { type: 'imported', module: 'json', startMs: 60, selfMs: 2, totalMs: 5.5, depth: 0 },
    { type: 'garbage_collected', generation: 2, durationMs: 1.5 },
    {
      type: 'stack_samples', method: 'external', torn: 1, lost: 0, threads: [[main, 'MainThread'], [77, 'poller; of <b>']],
      samples: [...Array.from({ length: 20 }, (_, at) => sample(100 + at * 10, main, 0, 'sleep')), sample(105, 77, 1, 'computing'), sample(300, main, 1, 'computing'), sample(300, 900, 2, 'lock', 900)],
      tables: { firstFrame: 0, frames: [[file, 'transform', 15], [file, 'fetch_rate', 8], ['/usr/lib/python3.11/json;x/__init__.py', '<module>', 3]], firstStack: 0, stacks: [[1, 0], [0], [2]] },
    },
  ]
  const stack = run.events.find((event) => event.type === 'stack')
  if (stack?.type === 'stack') stack.frames = stack.frames.map((frame) => ({ ...frame, locals: { order: 'a local value' } }))
  run.events.push(...bodies.map((body, index): RunEvent => ({ ...body, seq: run.events.length + index, atMs: 400 })))
  run.record.stacks = stacksSummaryOf(run.events, (_, line) => `API_KEY = "the-key-of-line-${line}"; pass`)
  return run
}

export const exportOptions = { exportedAt: '2026-02-03T04:05:06.000Z', version: '9.9.9' }
