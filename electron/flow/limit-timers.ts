import { formatValue } from '../../shared/limits/units.ts'
import type { FieldValue } from '../../shared/run/event.ts'
import type { LimitSetting } from '../../shared/run/plan.ts'
import type { ArmedTimer } from './clock.ts'
import type { FlowRun } from './flow-run.ts'

/** One limit in force. A limit that is off gives a watch that does nothing, so callers need no case of their own. */
export interface LimitWatch {
  /** ms on the run's clock; null when the limit is off. */
  readonly deadlineMs: number | null
  /** Counts again from now (limits between two reads or writes). */
  restart(): void
  /** Does not count until the next `restart`: there is nothing to wait for at the moment. */
  pause(): void
  /** What it watched is over. */
  disarm(): void
  /** Somebody else holds the deadline from now on: the timer stops here, the limit stays in force. */
  handOver(): void
}

export interface WatchOptions {
  /** What the clock counts from; default now. */
  fromMs?: number
  /** The passing of the deadline is not recorded as `limit_fired`: the layer decides later what it meant. */
  silent?: boolean
  /** Comes into force with the first `restart`. */
  paused?: boolean
}

/** The limits of one layer: `client`, `gateway`, `proxy2`. */
export interface LayerLimits {
  /** Value in the limit's base unit; null when it is off or not to be enforced. */
  valueOf(name: string): number | null
  idOf(name: string): string
  /** Arms a limit; `act` is called when it passes, after the fact was recorded. `action` says in a few words what the layer then does. */
  watch(name: string, action: string, act: () => void, options?: WatchOptions): LimitWatch
  /** `limit=client.total value=500ms`, as log lines show it. */
  fieldsOf(name: string): Record<string, FieldValue>
}

/** A moved deadline is told at most this often: a million reads must not become a million events. */
const tellEveryMs = 100

/**
 * The limits of a layer as the plan sets them. For a proxy `proxy2.read` beats `proxy.read`, which is meant for all of them.
 */
export function limitsOfLayer(run: Pick<FlowRun, 'clock' | 'emit' | 'limits'>, layer: string): LayerLimits {
  const forAll = layer.replace(/\d+$/, '')
  // Looked up once: a proxy asks for eight of them per request.
  const found = new Map<string, LimitSetting | null>()
  const idOf = (name: string) => `${layer}.${name}`
  const settingOf = (name: string): LimitSetting | null => {
    const known = found.get(name)
    if (known !== undefined) return known
    const setting = run.limits.find((limit) => limit.id === idOf(name)) ?? run.limits.find((limit) => limit.id === `${forAll}.${name}`) ?? null
    found.set(name, setting)
    return setting
  }
  const valueOf = (name: string) => {
    const setting = settingOf(name)
    return setting?.enforced ? setting.value : null
  }
  return {
    idOf, valueOf,
    fieldsOf(name) {
      const fields: Record<string, FieldValue> = { limit: idOf(name) }
      const setting = settingOf(name)
      if (setting && setting.value !== null) fields.value = formatValue(setting.value, setting.unit).replace(' ', '')
      return fields
    },
    watch(name, action, act, options) {
      const value = valueOf(name)
      return value === null ? off : armedWatch(run, idOf(name), value, action, act, options ?? {})
    },
  }
}

/** A limit that is off. */
const off: LimitWatch = { deadlineMs: null, restart() {}, pause() {}, disarm() {}, handOver() {} }

function armedWatch({ clock, emit }: Pick<FlowRun, 'clock' | 'emit'>, limitId: string, valueMs: number, action: string, act: () => void, options: WatchOptions): LimitWatch {
  const now = clock.nowMs()
  let deadlineMs = (options.fromMs ?? now) + valueMs
  let toldMs = now
  let told = options.paused ? Number.NaN : deadlineMs
  let over = false
  let paused = options.paused === true
  let armed = !paused
  const tell = () => {
    if (told === deadlineMs || paused) return
    told = deadlineMs
    toldMs = clock.nowMs()
    emit({ type: 'limit_armed', limitId, deadlineMs }, Math.min(toldMs, deadlineMs - valueMs))
  }
  const passed = () => {
    if (over) return
    if (paused) { timer = null; return }
    // The deadline moved while this timer slept: sleep on until the new one.
    if (clock.nowMs() < deadlineMs) { timer = clock.at(deadlineMs, passed); return }
    over = true
    tell()
    if (!options.silent) emit({ type: 'limit_fired', limitId, effect: 'acted', passedAtMs: deadlineMs, action })
    act()
  }
  if (armed) emit({ type: 'limit_armed', limitId, deadlineMs }, options.fromMs)
  let timer: ArmedTimer | null = armed ? clock.at(deadlineMs, passed) : null
  return {
    get deadlineMs() { return deadlineMs },
    restart() {
      if (over) return
      const at = clock.nowMs()
      deadlineMs = at + valueMs
      paused = false
      timer ??= clock.at(deadlineMs, passed)
      if (at - toldMs >= tellEveryMs || !armed) tell()
      armed = true
    },
    pause() { paused = true },
    disarm() {
      if (over) return
      over = true
      timer?.cancel()
      tell()
      if (armed) emit({ type: 'limit_disarmed', limitId })
    },
    handOver() {
      over = true
      timer?.cancel()
    },
  }
}
