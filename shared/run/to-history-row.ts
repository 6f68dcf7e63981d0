import type { HistoryRow } from './history.ts'
import type { RunEvent } from './event.ts'
import type { RunRecord } from './record.ts'

/** A search goes through these of every run: they stay short. */
const mostWords = 2000
/** Enough for every message of a long flow. */
const mostMoreWords = 32_000

/** What a list of runs shows of this one. */
export function historyRowOf(record: RunRecord): Omit<HistoryRow, 'number' | 'pinned' | 'bytes'> {
  const { limitId } = record.verdict
  return {
    id: record.id, startedAt: record.startedAt, script: record.plan.script.name, caseName: record.plan.case ?? null, profile: record.plan.profile, outcome: record.outcome,
    cause: record.verdict.cause, limitId, limitValue: record.limits.find((limit) => limit.id === limitId)?.value ?? null, headline: record.verdict.headline, elapsedMs: record.elapsedMs, logLines: record.log.lines,
  }
}

/** Lower-case text in which a search of the history finds any part of a word: what names a run. */
export function historyWordsOf(record: RunRecord, events: readonly RunEvent[]): string {
  const { plan, verdict } = record
  const error = events.find((event) => event.type === 'script_error')
  const parts = [
    plan.script.name, plan.script.path ?? '', plan.case ?? '', plan.profile, record.outcome, verdict.cause, verdict.limitId ?? '', verdict.headline,
    ...(error ? [`${error.error.type}: ${error.error.message}`] : []),
    ...plan.proxies, ...plan.faults.map((fault) => fault.text),
    ...record.limits.filter((limit) => limit.origin === 'this run' || limit.fired).map((limit) => `${limit.id}=${limit.value ?? 'off'}${limit.unit}`),
  ]
  return [...new Set(parts)].join('\n').slice(0, mostWords).toLowerCase()
}

/** Text of which a search finds the beginnings of words: what was said in a run. */
export function historyMoreWordsOf(record: RunRecord, events: readonly RunEvent[]): string {
  const { verdict } = record
  const parts = [verdict.explanation, ...verdict.evidence.map(({ text }) => text), ...verdict.consequences, ...events.flatMap(wordsOfEvent)]
  return [...new Set(parts)].join('\n').slice(0, mostMoreWords)
}

function wordsOfEvent(event: RunEvent): string[] {
  switch (event.type) {
    case 'log': return [event.message, ...Object.entries(event.fields).map(([key, value]) => `${key}=${value}`)]
    case 'process_started': return [`python ${event.pythonVersion} ${event.python}`]
    default: return []
  }
}
