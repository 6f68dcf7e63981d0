import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

export const exportOptions = { exportedAt: '2026-02-03T04:05:06.000Z', version: '9.9.9' }
