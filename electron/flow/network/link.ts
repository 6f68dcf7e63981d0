import type { Socket } from 'node:net'
import type { FaultAction, FaultPlan } from '../../../shared/run/plan.ts'
import type { ArmedTimer } from '../clock.ts'
import { connectTo } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import type { WorkCount } from '../work-count.ts'
import { countBody } from './body-counter.ts'
import { createLane, type LinkShape } from './lane.ts'
import type { RelayPlace } from './relay.ts'

/** Starts with bytes no HTTP message starts with, so that every reader refuses it at once. */
export const garbageBytes = Buffer.from('\0\x01\x02\xfe\xffthis is not HTTP\r\n\r\n', 'latin1')

/**
 * One connection through the link. Faults act on it in two ways: they shape what passes (latency, bandwidth, what is swallowed),
 * or they end it. A fault is reported when it acts on traffic, not when it is armed.
 */
export function serveLink(run: FlowRun, place: RelayPlace, work: WorkCount, keep: (socket: Socket) => void, near: Socket): void {
  const { clock, emit, log, spans } = run
  const acceptedMs = clock.nowMs()
  const done = work.begin()
  const span = spans.start(`network/${place.to}`, 'network', `link to ${place.to}: ${place.faults.map((fault) => fault.text).join(', ')}`, place.parentSpanId, acceptedMs)
  const far = connectTo(place.next, { allowHalfOpen: true })
  keep(far)
  const timers: ArmedTimer[] = []
  const told = new Set<FaultPlan>()
  let swallowedBy: FaultPlan | null = null
  let over = false
  let nearEnded = false
  let farEnded = false

  const faultsOf = (action: FaultAction) => place.faults.filter((fault) => fault.action === action)
  const isOn = (fault: FaultPlan) => fault.atMs === null || clock.nowMs() - acceptedMs >= fault.atMs
  const acted = (fault: FaultPlan, message: string) => {
    if (told.has(fault)) return
    told.add(fault)
    emit({ type: 'fault_injected', fault: fault.text, action: fault.action, place: fault.place })
    log('network', 'warn', message, { fault: fault.text, link_to: place.to })
  }
  const shape: LinkShape = {
    delayMs() {
      let delay = 0
      for (const fault of faultsOf('latency').filter(isOn)) {
        delay += (fault.amount ?? 0) + (Math.random() * 2 - 1) * (fault.jitterMs ?? 0)
        acted(fault, 'latency: data is passed on later')
      }
      return delay
    },
    bytesPerSecond() {
      const slow = faultsOf('bandwidth').filter(isOn).toSorted((a, b) => (a.amount ?? 0) - (b.amount ?? 0))[0]
      if (!slow) return null
      acted(slow, 'bandwidth: data is passed on slowly')
      return slow.amount
    },
  }
  const up = createLane(clock, shape, near, far)
  const down = createLane(clock, shape, far, near)

  /** Ends both connections the same way and reports who did it. */
  const endBoth = (fault: FaultPlan, how: 'fin' | 'rst', message: string) => {
    acted(fault, message)
    over = true
    stopTimers()
    up.cut()
    down.cut()
    for (const [socket, side] of [[near, 'downstream'], [far, 'upstream']] as const) {
      emit({ type: 'connection_ended', layer: 'network', hop: 0, side, by: 'self', how, bytes: socket.bytesWritten, complete: false, error: fault.text })
      if (how === 'rst') socket.resetAndDestroy()
      else socket.destroySoon()
    }
  }
  const garble = (fault: FaultPlan) => {
    near.write(garbageBytes)
    endBoth(fault, 'fin', 'garbage: bytes that are not HTTP were sent in place of the answer')
  }
  const swallow = (fault: FaultPlan) => {
    swallowedBy ??= fault
    up.cut()
    down.cut()
    // Nothing will ever come out of this connection again; nobody waits for it.
    done()
  }
  /** True if the fault took the bytes. A FIN of the near side is gone as well, but its sender had left by itself. */
  const swallowed = (what: string, bytes: number | null) => {
    if (!swallowedBy) return false
    if (bytes !== null) acted(swallowedBy, `${swallowedBy.action}: ${what} vanished`)
    return true
  }

  const idleDrops = faultsOf('idle_drop')
  let idleTimer: ArmedTimer | null = null
  const somethingPassed = () => {
    if (idleDrops.length === 0 || swallowedBy || over) return
    const strictest = idleDrops.toSorted((a, b) => (a.amount ?? 0) - (b.amount ?? 0))[0]
    idleTimer?.cancel()
    if (strictest) idleTimer = clock.after(strictest.amount ?? 0, () => swallow(strictest))
  }
  const bodyCounter = countBody(faultsOf('close_midbody').map((fault) => fault.amount ?? 0))
  const stopTimers = () => { for (const timer of [...timers, idleTimer]) timer?.cancel() }

  near.on('data', (bytes) => {
    if (over || swallowed(`${bytes.length} bytes towards ${place.to}`, bytes.length)) return
    somethingPassed()
    up.push(bytes)
  })
  far.on('data', (bytes) => {
    if (over || swallowed(`${bytes.length} bytes of the answer`, bytes.length) || nearEnded) return
    somethingPassed()
    const [garbage] = faultsOf('garbage').filter((fault) => fault.atMs === null)
    if (garbage) { garble(garbage); return }
    const allowed = bodyCounter.allow(bytes)
    down.push(bytes.subarray(0, allowed))
    const [midbody] = faultsOf('close_midbody')
    if (midbody && allowed < bytes.length) down.end(0)
    if (midbody && allowed < bytes.length) { acted(midbody, 'close_midbody: closed in the middle of the answer'); far.destroy() }
  })
  const extraMs = (fault: FaultPlan | undefined) => fault?.amount ?? 0
  const slowClose = faultsOf('slow_close').find((fault) => fault.atMs === null)
  near.once('end', () => {
    nearEnded = true
    if (over || swallowed('', null)) return
    // Nobody reads answers on this side any more.
    down.cut()
    up.end(extraMs(slowClose))
    bothEnded()
  })
  far.once('end', () => {
    farEnded = true
    if (over || swallowed('the end of the connection', 0)) return
    if (slowClose && !nearEnded) acted(slowClose, 'slow_close: the end of the connection is held back')
    down.end(extraMs(slowClose))
    bothEnded()
  })
  /** Both ends have said their last word: what still crawls over a slow link would arrive at nobody. */
  const bothEnded = () => {
    if (!nearEnded || !farEnded || slowClose) return
    up.cut()
    far.end()
  }
  const passReset = (other: Socket) => () => { if (!over && !swallowedBy && !other.destroyed) other.resetAndDestroy() }
  near.once('error', passReset(far))
  far.once('error', passReset(near))
  const closed = () => {
    // What is on its way to a connection that is gone arrives nowhere.
    if (far.destroyed) up.cut()
    if (near.destroyed) down.cut()
    if (!near.destroyed || !far.destroyed) { if (!over && !swallowedBy) closeOther(); return }
    over = true
    stopTimers()
    up.cut()
    down.cut()
    span.end('ok')
    done()
  }
  /** One side is gone for good: once what is on its way has arrived, the other has nobody left. */
  const closeOther = () => {
    if (far.destroyed && down.waiting === 0 && !near.destroyed) near.destroySoon()
    if (near.destroyed && up.waiting === 0 && !far.destroyed) far.destroySoon()
  }
  near.once('close', closed)
  far.once('close', closed)

  armTimed()
  somethingPassed()

  function armTimed(): void {
    const at = (fault: FaultPlan, act: () => void) => { timers.push(clock.at(acceptedMs + (fault.atMs ?? 0), () => { if (!over) act() })) }
    for (const fault of faultsOf('reset')) at(fault, () => endBoth(fault, 'rst', 'reset: both sides got a TCP reset'))
    for (const fault of faultsOf('close')) at(fault, () => endBoth(fault, 'fin', 'close: both sides got a clean close'))
    for (const fault of faultsOf('blackhole')) at(fault, () => swallow(fault))
    for (const fault of faultsOf('garbage')) if (fault.atMs !== null) at(fault, () => garble(fault))
    for (const fault of faultsOf('slow_close')) {
      if (fault.atMs === null) continue
      at(fault, () => {
        up.cut()
        down.cut()
        acted(fault, 'slow_close: nothing passes any more')
        timers.push(clock.after(fault.amount ?? 0, () => { if (!over) endBoth(fault, 'fin', '') }))
      })
    }
  }
}
