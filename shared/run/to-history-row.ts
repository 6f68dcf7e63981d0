import type { HistoryRow } from './history.ts'
import type { RunEvent } from './event.ts'
import type { RunRecord } from './record.ts'

/** Enough for every message of a long flow; what scripts print is found by other means. */
const mostWords = 16_000

/** What a list of runs shows of this one. */
export function historyRowOf(record: RunRecord): Omit<HistoryRow, 'number' | 'pinned' | 'bytes'> {
  return {
    id: record.id, startedAt: record.startedAt, script: record.plan.script.name, profile: record.plan.profile, outcome: record.outcome,
    cause: record.verdict.cause, limitId: record.verdict.limitId, headline: record.verdict.headline, elapsedMs: record.elapsedMs, logLines: record.log.lines,
  }
}

/** Lower-case text in which a search of the history looks: whatever somebody may remember of a run. */
export function historyWordsOf(record: RunRecord, events: readonly RunEvent[]): string {
  const { plan, verdict } = record
  const parts: string[] = [
    plan.script.name, plan.script.path ?? '', plan.profile, record.outcome, verdict.cause, verdict.limitId ?? '', verdict.headline, verdict.explanation,
    ...plan.proxies, ...plan.faults.map((fault) => fault.text),
    ...record.limits.filter((limit) => limit.origin === 'this run' || limit.fired).map((limit) => `${limit.id}=${limit.value ?? 'off'}${limit.unit}`),
    ...verdict.evidence.map((evidence) => evidence.text),
    ...events.flatMap(wordsOfEvent),
  ]
  return [...new Set(parts)].join('\n').slice(0, mostWords).toLowerCase()
}

function wordsOfEvent(event: RunEvent): string[] {
  switch (event.type) {
    case 'log': return [event.message, ...Object.entries(event.fields).map(([key, value]) => `${key}=${value}`)]
    case 'script_error': return [`${event.error.type}: ${event.error.message}`]
    case 'process_started': return [`python ${event.pythonVersion} ${event.python}`]
    default: return []
  }
}
