import type { ProxyEngine } from '../flow/layers.ts'
import type { BaseUnit } from '../limits/units.ts'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** One limit of a plan. `value` is in `unit`; null means the limit is off. */
export interface LimitSetting {
  /** `client.total`; a proxy's limit may name its place: `proxy2.read`. */
  id: string
  value: number | null
  unit: BaseUnit
  /** Where the value comes from, for people: `this run`, `profile`, `config.yaml`, `my-profile.yaml:12`. */
  origin: string
  /** False: shown and drawn, but no timer is armed for it. */
  enforced: boolean
}

/** Where a fault is put in: before the proxy of that number, or in front of the gateway; `client` is right behind the client. */
export type FaultPlace = 'client' | 'gateway' | `proxy${number}`
export const faultActions = ['latency', 'bandwidth', 'reset', 'blackhole', 'close', 'close_midbody', 'slow_close', 'refuse', 'connect_hang', 'idle_drop', 'garbage', 'dns', 'stop', 'reject', 'backend_down', 'bad_header', 'big_header', 'busy', 'reuse'] as const
export type FaultAction = (typeof faultActions)[number]

/** Faults of a service itself, not of the link in front of it: `place` names the service. */
export const serviceFaultActions: readonly FaultAction[] = ['stop', 'reject', 'backend_down', 'bad_header', 'big_header', 'busy', 'reuse']

/** A fault that is injected: by the relay in front of a hop, or at the hop itself. Times in ms, rates in bytes per second. */
export interface FaultPlan {
  /** As it was written, such as `network.reset@500ms`. */
  text: string
  action: FaultAction
  place: FaultPlace
  /** When, in ms after the connection was accepted by the relay; null = from the start. */
  atMs: number | null
  /** latency: mean delay in ms; bandwidth: bytes per second; close_midbody: body bytes let through; idle_drop: ms of silence; busy, reuse: ms; big_header: bytes. */
  amount: number | null
  /** latency: plus or minus, in ms. */
  jitterMs: number | null
}

export interface StackSettings {
  /** Samples per second; 0 = off. */
  rateHz: number
  /** Local variables of the innermost frames at the cut, shortened. Never part of exports by default. */
  locals: boolean
  /** Trace allocations (tracemalloc); costs time and memory, so only when asked for. */
  allocations: boolean
}

/** Everything one run needs, sent down once. Plain data: it survives JSON. */
export interface RunPlan {
  script: {
    /** Absolute path, or null for text that has no file yet. */
    path: string | null
    /** What people call it: the base name. */
    name: string
    /** The text to run instead of what is on disk (an unsaved draft); null = read the file. */
    text: string | null
    /** What the file held when the run began, where `text` is null: filled in by the engine for the events, so that a kept run tells what it ran; never part of a record. */
    onDisk?: string
  }
  input: JsonValue
  /** The input as it was written, which is what is sent: `input` holds doubles. Absent where it is what JSON.stringify makes of `input`, and in older runs. */
  inputText?: string
  /** Name of the case whose input this is, for display and for finding it again; absent where it is none's. */
  case?: string
  /** Name of the profile the limits came from, for display. */
  profile: string
  limits: LimitSetting[]
  /** Proxies from the outside in; empty = none. */
  proxies: ProxyEngine[]
  faults: FaultPlan[]
  /** Interpreter asked for; null = find one. */
  python: string | null
  /** Does a client that leaves cancel the request's context, and so kill the script? */
  propagateCancel: boolean
  stacks: StackSettings
}

/** The script as it ran; null where nobody knows it: its file could not be read, or the run is older than that is kept. */
export function scriptTextOf(plan: RunPlan): string | null {
  return plan.script.text ?? plan.script.onDisk ?? null
}

export const defaultStacks: StackSettings = { rateHz: 100, locals: false, allocations: false }
