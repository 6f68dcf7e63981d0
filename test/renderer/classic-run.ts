import { transformationService, limitsOfProfile } from '../../shared/flow/profiles.ts'
import { foldRun, type Run } from '../../shared/run/fold-run.ts'
import type { RunEvent, RunEventBody } from '../../shared/run/event.ts'
import { defaultStacks, type RunPlan } from '../../shared/run/plan.ts'

/** The plan of the classic case: a client that waits 500 ms in front of limits of 30 s and more. */
export function classicPlan(change: Partial<RunPlan> = {}): RunPlan {
  return {
    script: { path: null, name: 'enrich_orders.py', text: 'def transform(input_data): ...' }, input: { orders: [] }, profile: 'transformation-service',
    limits: [{ id: 'client.total', value: 500, unit: 'ms', origin: 'this run', enforced: true }, ...limitsOfProfile(transformationService)], proxies: [], faults: [], python: null, propagateCancel: true, stacks: defaultStacks, ...change,
  }
}

const frames: [string, string, number][] = [['/tmp/x/enrich_orders.py', 'fetch_rate', 9], ['/tmp/x/enrich_orders.py', 'transform', 17], ['/usr/lib/wrapper.py', 'main', 5], ['/tmp/x/enrich_orders.py', 'transform', 14]]

/** Events of the classic case as the engine records them, with the numbers of the drawing. */
export function classicEvents(): RunEvent[] {
  const events: RunEvent[] = []
  const at = (atMs: number, body: RunEventBody) => events.push({ ...body, atMs, seq: events.length } as RunEvent)
  const span = (spanId: string, parentId: string | null, layer: 'client' | 'gateway' | 'connector' | 'script', name: string, from: number) => at(from, { type: 'span_started', spanId, parentId, layer, name })
  at(0, { type: 'run_started', runId: 'r1', startedAt: '2026-05-03T12:32:07.000Z', plan: classicPlan(), version: 'test' })
  span('client', null, 'client', 'request', 0)
  at(0, { type: 'limit_armed', limitId: 'client.total', deadlineMs: 500 })
  at(0.9, { type: 'limit_armed', limitId: 'gateway.read', deadlineMs: 30_001 })
  at(1.2, { type: 'stage', stage: 'request_received' })
  span('gateway', 'client', 'gateway', 'POST /transform', 1.2)
  at(1.3, { type: 'limit_disarmed', limitId: 'gateway.read' })
  at(1.3, { type: 'limit_armed', limitId: 'gateway.write', deadlineMs: 30_001 })
  at(1.9, { type: 'stage', stage: 'connector_started' })
  span('connector', 'gateway', 'connector', 'transformation service', 1.9)
  span('connector/queue', 'connector', 'connector', 'queue', 1.9)
  at(2.2, { type: 'span_ended', spanId: 'connector/queue', status: 'ok' })
  at(1.9, { type: 'queue_entered', waiting: 0, running: 0, concurrency: 4 })
  at(2.2, { type: 'queue_left', waitedMs: 0.3 })
  at(2, { type: 'log', line: 0, source: 'connector', level: 'info', message: 'Starting Python script execution', fields: { timeout_seconds: 65 } })
  at(1.9, { type: 'limit_armed', limitId: 'connector.context', deadlineMs: 65_002 })
  span('python', 'connector', 'script', 'python', 4.6)
  span('python.transform', 'python', 'script', 'transform', 49)
  at(4.6, { type: 'process_started', pid: 48_213, python: '/usr/bin/python3', pythonVersion: '3.11.7', warm: false })
  at(4.6, { type: 'stage', stage: 'script_started' })
  at(4.6, { type: 'limit_armed', limitId: 'connector.python', deadlineMs: 30_005 })
  at(4.6, { type: 'limit_armed', limitId: 'wrapper.timeout', deadlineMs: 60_005 })
  at(50, { type: 'reading', cpuMs: 40, rssBytes: 31 * 1024 ** 2, addressSpaceBytes: 215 * 1024 ** 2, processes: 1, threads: 1 })
  at(60, { type: 'stack_samples', method: 'external', samples: [{ atMs: 49, thread: 1, stack: 1, state: 'computing' }, { atMs: 51, thread: 1, stack: 0, state: 'sleep' }, { atMs: 61, thread: 2, stack: 1, state: 'lock' }], tables: { firstFrame: 0, frames, firstStack: 0, stacks: [[0, 1, 2], [3, 2]] } })
  at(480, { type: 'stack_samples', method: 'external', samples: [100, 200, 300, 400, 480].map((atMs) => ({ atMs, thread: 1, stack: 0, state: 'sleep' as const })) })
  at(490, { type: 'reading', cpuMs: 43, rssBytes: 31 * 1024 ** 2, addressSpaceBytes: 215 * 1024 ** 2, processes: 1, threads: 1 })
  at(500.1, { type: 'limit_fired', limitId: 'client.total', effect: 'acted', passedAtMs: null, action: 'closes the connection' })
  at(500.1, { type: 'log', line: 2, source: 'client', level: 'error', message: 'total limit reached, closing the connection', fields: {} })
  at(500.1, { type: 'client_ended', status: null, bytes: 0, ended: 'timeout', complete: false, error: 'timeout' })
  at(500.2, { type: 'connection_ended', layer: 'gateway', hop: 0, side: 'downstream', by: 'peer', how: 'fin', bytes: 0, complete: false, error: null })
  at(500.2, { type: 'context_canceled', layer: 'gateway', cause: 'client_gone', limitId: null, error: 'context canceled' })
  at(500.2, { type: 'log', line: 3, source: 'gateway', level: 'warn', message: 'client went away, request context cancelled', fields: {} })
  at(500.3, { type: 'stack', reason: 'cut', frames: [{ file: '/tmp/x/enrich_orders.py', function: 'fetch_rate', line: 9 }, { file: '/tmp/x/enrich_orders.py', function: 'transform', line: 17 }], threads: [], state: 'sleep', ageMs: 0, method: 'external' })
  at(500.3, { type: 'kill_intent', by: 'connector', limitId: null, reason: 'context canceled', signal: 'SIGKILL' })
  at(500.4, { type: 'process_exited', exit: { exitCode: null, signal: 'SIGKILL', wallMs: 495.8, cpuMs: 43, maxRssBytes: 31 * 1024 ** 2 }, leftovers: 0 })
  at(500.4, { type: 'stage', stage: 'script_finished', detail: 'killed' })
  for (const spanId of ['python.transform', 'python', 'connector', 'gateway', 'client']) at(500.4, { type: 'span_ended', spanId, status: spanId === 'client' ? 'cut' : 'canceled' })
  at(503, { type: 'run_ended' })
  return events
}

export function classicRun(): Run {
  return foldRun(classicEvents())
}
