import { stageIds } from '../flow/layers.ts'
import { outcomeOfCause } from '../verdict/causes.ts'
import { explainRun } from '../verdict/index.ts'
import { limitsOf, round, type Run } from './fold-run.ts'
import { placeAt } from '../stacks/place-at.ts'
import { lastStackOf, type StacksSummary } from '../stacks/summary.ts'
import type { RunPlan } from './plan.ts'
import type { RunRecord, Span } from './record.ts'

/** From here on a verdict speaks of a kernel limit that Python's error only stands for (a MemoryError) as one that fired. */
const sure = 0.9

/** What a record carries that is no event: the script's output and the size of the log. */
export interface RecordExtras extends Pick<RunRecord, 'output' | 'outputText'> { logLines: number; stacks?: StacksSummary }

/** The record of an ended run: `cutoff.run/1`. Throws on a run without a plan, which no engine produces. */
export function toRecord(run: Run, extras: RecordExtras): RunRecord {
  if (!run.plan) throw new Error('a run without run_started has no record')
  const verdict = explainRun(run)
  const exit = run.exit?.exit ?? null
  // A cut that does not end the script takes no stack: the sample before it tells.
  const lastStack = run.stack ?? (verdict.atMs === null ? null : placeAt(run.events, verdict.atMs))
  return {
    schema: 'cutoff.run/1',
    id: run.id,
    startedAt: run.startedAt,
    plan: withoutFileText(run.plan),
    outcome: outcomeOfCause(verdict.cause),
    elapsedMs: round(run.client?.atMs ?? run.nowMs),
    stages: stageIds.map((id) => {
      const stage = run.stages[id]
      return { id, atMs: stage ? round(stage.atMs) : null, ...(stage?.detail ? { detail: stage.detail } : {}) }
    }),
    spans: spansOf(run),
    client: run.client
      ? { status: run.client.status, bytes: run.client.bytes, ended: run.client.ended, error: run.client.error }
      : { status: null, bytes: 0, ended: 'aborted', error: 'the client was never started' },
    script: {
      exitCode: exit?.exitCode ?? null, signal: exit?.signal ?? null, wallMs: exit ? round(exit.wallMs) : null, cpuMs: exit?.cpuMs ?? null, maxRssBytes: exit?.maxRssBytes ?? null,
      stdoutBytes: run.output?.stdoutBytes ?? 0, stderrBytes: run.output?.stderrBytes ?? 0,
      // Locals may hold secrets: they stay in the events and never reach a record.
      lastStack: lastStack?.frames.map(({ file, line, function: name }) => ({ file, line, function: name })) ?? null,
    },
    limits: limitsOf(run).map((limit) => ({ ...limit, fired: limit.fired || (limit.id === verdict.limitId && verdict.confidence >= sure) })),
    verdict: { ...verdict, atMs: verdict.atMs === null ? null : round(verdict.atMs) },
    output: extras.output,
    ...(extras.outputText === undefined ? {} : { outputText: extras.outputText }),
    log: { lines: extras.logLines },
    ...(extras.stacks === undefined ? {} : { stacks: extras.stacks.lastStack || !lastStack ? extras.stacks : { ...extras.stacks, lastStack: lastStackOf(lastStack) } }),
  }
}

/** A record is printed and read by people: the file's text stays in the events. */
function withoutFileText(plan: RunPlan): RunPlan {
  const { onDisk: _, ...script } = plan.script
  return { ...plan, script }
}

/** Spans in order of start, times in whole microseconds. */
export function spansOf(run: Run): Span[] {
  return run.spans
    .map((span) => ({ ...span, startMs: round(span.startMs), endMs: span.endMs === null ? null : round(span.endMs) }))
    .toSorted((a, b) => a.startMs - b.startMs)
}

