import { limitKindOf } from '../limits/catalog.ts'
import type { StageId } from '../flow/layers.ts'
import type { EventOf, RunEvent } from './event.ts'
import type { LimitSetting, RunPlan } from './plan.ts'
import type { RunLimit, Span } from './record.ts'

/** What is known of a limit during a run. */
export interface LimitState extends LimitSetting {
  armedAtMs: number | null
  deadlineMs: number | null
  disarmedAtMs: number | null
  fired: EventOf<'limit_fired'> | null
  notEnforced: string | null
}

/** A run as far as its events tell. Derived, never stored. */
export interface Run {
  id: string
  startedAt: string
  plan: RunPlan | null
  /** Time of the newest event. */
  nowMs: number
  ended: boolean
  stages: Partial<Record<StageId, EventOf<'stage'>>>
  spans: Span[]
  limits: LimitState[]
  client: EventOf<'client_ended'> | null
  stop: EventOf<'stop_requested'> | null
  process: EventOf<'process_started'> | null
  exit: EventOf<'process_exited'> | null
  /** Programs that exec put in the place of Python, in their order. */
  replaced: EventOf<'process_replaced'>[]
  childrenAtCut: EventOf<'children_at_cut'> | null
  kills: EventOf<'kill_intent'>[]
  cancels: EventOf<'context_canceled'>[]
  connections: EventOf<'connection_ended'>[]
  answers: EventOf<'answered'>[]
  faults: EventOf<'fault_injected'>[]
  proxyLogs: EventOf<'proxy_log'>[]
  checks: EventOf<'check'>[]
  counters: EventOf<'kernel_counter'>[]
  queueEntered: EventOf<'queue_entered'> | null
  queueLeft: EventOf<'queue_left'> | null
  scriptError: EventOf<'script_error'> | null
  scriptResult: EventOf<'script_result'> | null
  stack: EventOf<'stack'> | null
  stacksOff: EventOf<'stacks_off'> | null
  readings: EventOf<'reading'>[]
  logs: EventOf<'log'>[]
  output: EventOf<'output'> | null
  /** Every event, in order, for what is looked up rarely. */
  events: RunEvent[]
}

export function emptyRun(): Run {
  return {
    id: '', startedAt: '', plan: null, nowMs: 0, ended: false, stages: {}, spans: [], limits: [], client: null, stop: null, process: null, exit: null, replaced: [], childrenAtCut: null,
    kills: [], cancels: [], connections: [], answers: [], faults: [], proxyLogs: [], checks: [], counters: [], queueEntered: null, queueLeft: null,
    scriptError: null, scriptResult: null, stack: null, stacksOff: null, readings: [], logs: [], output: null, events: [],
  }
}

/** The same function in engine, screen, command line and tests: events in, run out. */
export function foldRun(events: Iterable<RunEvent>): Run {
  const run = emptyRun()
  for (const event of events) applyEvent(run, event)
  return run
}

/** Takes one event into a run (in place: a live run sees thousands). */
export function applyEvent(run: Run, event: RunEvent): void {
  run.events.push(event)
  run.nowMs = Math.max(run.nowMs, event.atMs)
  switch (event.type) {
    case 'run_started':
      run.id = event.runId
      run.startedAt = event.startedAt
      run.plan = event.plan
      run.limits = event.plan.limits.map((limit) => ({ ...limit, armedAtMs: null, deadlineMs: null, disarmedAtMs: null, fired: null, notEnforced: null }))
      return
    // The first instant stays: a stage is reached once.
    case 'stage': run.stages[event.stage] ??= event; return
    case 'span_started':
      run.spans.push({ id: event.spanId, parentId: event.parentId, layer: event.layer, name: event.name, startMs: event.atMs, endMs: null, status: 'open' })
      return
    case 'span_ended': {
      const span = run.spans.findLast((candidate) => candidate.id === event.spanId && candidate.endMs === null)
      if (span) { span.endMs = event.atMs; span.status = event.status }
      return
    }
    case 'limit_armed': {
      const limit = limitState(run, event.limitId)
      limit.armedAtMs = event.atMs
      limit.deadlineMs = event.deadlineMs
      limit.disarmedAtMs = null
      return
    }
    case 'limit_disarmed': limitState(run, event.limitId).disarmedAtMs = event.atMs; return
    case 'limit_fired': limitState(run, event.limitId).fired ??= event; return
    case 'limit_not_enforced': limitState(run, event.limitId).notEnforced = event.reason; return
    case 'client_ended': run.client ??= event; return
    case 'stop_requested': run.stop ??= event; return
    case 'process_started': run.process ??= event; return
    case 'process_replaced': run.replaced.push(event); return
    case 'children_at_cut': run.childrenAtCut ??= event; return
    case 'process_exited': run.exit ??= event; return
    case 'kill_intent': run.kills.push(event); return
    case 'context_canceled': run.cancels.push(event); return
    case 'connection_ended': run.connections.push(event); return
    case 'answered': run.answers.push(event); return
    case 'fault_injected': run.faults.push(event); return
    case 'proxy_log': run.proxyLogs.push(event); return
    case 'check': run.checks.push(event); return
    case 'kernel_counter': run.counters.push(event); return
    case 'queue_entered': run.queueEntered ??= event; return
    case 'queue_left': run.queueLeft ??= event; return
    case 'script_error': run.scriptError ??= event; return
    case 'script_result': run.scriptResult ??= event; return
    // A stack taken at the cut beats an older sample.
    case 'stack': if (!run.stack || event.reason === 'cut') run.stack = event; return
    case 'stacks_off': run.stacksOff = event; return
    case 'reading': run.readings.push(event); return
    case 'log': run.logs.push(event); return
    case 'output': run.output = event; return
    case 'run_ended':
      run.ended = true
      for (const span of run.spans) if (span.endMs === null) { span.endMs = event.atMs; span.status = 'cut' }
      return
    case 'stack_samples': case 'garbage_collected': case 'imported': case 'allocations': return
  }
}

/** A limit that only comes to light during the run (a proxy's own default, say) is added to the run's limits. */
function limitState(run: Run, id: string): LimitState {
  const known = run.limits.find((limit) => limit.id === id)
  if (known) return known
  // `proxy.read` in the plan stands for the only proxy, which reports as proxy1.
  const shared = run.limits.find((limit) => limit.id === limitKindOf(id)?.base && id !== limit.id)
  if (shared && run.plan?.proxies.length === 1) return shared
  const added: LimitState = {
    id, value: shared?.value ?? null, unit: shared?.unit ?? 'ms', origin: shared?.origin ?? 'default', enforced: true,
    armedAtMs: null, deadlineMs: null, disarmedAtMs: null, fired: null, notEnforced: null,
  }
  run.limits.push(added)
  return added
}

/** The limits as the record lists them. */
export function limitsOf(run: Run): RunLimit[] {
  return run.limits.map((limit) => ({
    id: limit.id, value: limit.value, unit: limit.unit, origin: limit.origin,
    enforced: limit.enforced && limit.value !== null && limit.notEnforced === null,
    deadlineMs: limit.deadlineMs === null ? null : round(limit.deadlineMs), fired: limit.fired !== null,
    ...(limit.notEnforced ? { why_not_enforced: limit.notEnforced } : {}),
  }))
}

/** Three digits after the point: microseconds. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
