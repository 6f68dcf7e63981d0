import type { Socket } from 'node:net'
import type { FaultPlan } from '../../../shared/run/plan.ts'
import type { ArmedTimer } from '../clock.ts'
import { connectTo } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import type { OpenSpan } from '../spans.ts'
import type { WorkCount } from '../work-count.ts'
import { BodyCounter } from './body-counter.ts'
import { Lane } from './lane.ts'
import type { LinkFaults } from './link-faults.ts'
import { shapeOf } from './link-shape.ts'
import { OpenLane, type Direction } from './open-lane.ts'
import type { RelayPlace } from './relay.ts'
import { counted } from '../../../shared/text/counted.ts'

/** Starts with bytes no HTTP message starts with, so that every reader refuses it at once. */
export const garbageBytes = Buffer.from('\0\x01\x02\xfe\xffthis is not HTTP\r\n\r\n', 'latin1')

/** So much vanishes before the link takes no more: a sender nobody acknowledges is stuck once its own buffers are full. */
const mostVanishingBytes = 64 * 1024

/** What all connections of a relay share. */
export interface LinkParts {
  run: FlowRun
  place: RelayPlace
  faults: LinkFaults
  work: WorkCount
  keep(socket: Socket): void
}

/**
 * One connection through the link. Faults act on it in two ways: they shape what passes (latency, bandwidth, what is swallowed),
 * or they end it. A fault is reported when it acts on traffic, not when it is armed.
 */
export function serveLink(parts: LinkParts, near: Socket): void {
  const link = new Link(parts, near)
  link.start()
}

class Link {
  readonly #parts: LinkParts
  readonly #near: Socket
  readonly #far: Socket
  readonly #up: Direction
  readonly #down: Direction
  readonly #acceptedMs: number
  readonly #span: OpenSpan
  readonly #done: () => void
  readonly #body: BodyCounter | null
  #timers: ArmedTimer[] | null = null
  #idleTimer: ArmedTimer | null = null
  #told: Set<FaultPlan> | null = null
  #swallowedBy: FaultPlan | null = null
  #vanishedBytes = 0
  #over = false
  #nearEnded = false
  #farEnded = false

  constructor(parts: LinkParts, near: Socket) {
    const { run, place, faults, work } = parts
    this.#parts = parts
    this.#near = near
    this.#acceptedMs = run.clock.nowMs()
    this.#far = connectTo(place.next, { allowHalfOpen: true })
    parts.keep(this.#far)
    this.#done = work.begin()
    this.#span = run.spans.start(`network/${place.to}`, 'network', faults.title, place.parentSpanId, this.#acceptedMs)
    const shape = faults.latency.length + faults.bandwidth.length > 0 ? shapeOf(faults, (fault) => this.#isOn(fault), (fault, message) => this.#acted(fault, message)) : null
    const direction = (source: Socket, target: Socket) => (shape || faults.slowEnd ? new Lane(run.clock, shape, source, target) : new OpenLane(source, target))
    this.#up = direction(near, this.#far)
    this.#down = direction(this.#far, near)
    this.#body = faults.midbody ? new BodyCounter(faults.midbody.amount ?? 0) : null
  }

  start(): void {
    const near = this.#near
    const far = this.#far
    near.on('data', (bytes) => this.#fromNear(bytes))
    far.on('data', (bytes) => this.#fromFar(bytes))
    near.on('end', () => this.#nearEnd())
    far.on('end', () => this.#farEnd())
    near.on('error', () => this.#passReset(far))
    far.on('error', () => this.#passReset(near))
    const closed = () => this.#closed()
    near.on('close', closed)
    far.on('close', closed)
    if (this.#parts.faults.timed) this.#armTimed()
    this.#somethingPassed()
  }

  #fromNear(bytes: Buffer): void {
    if (this.#over || this.#swallow(bytes.length, 'of the request')) return
    this.#somethingPassed()
    this.#up.push(bytes)
  }

  #fromFar(bytes: Buffer): void {
    if (this.#over || this.#swallow(bytes.length, 'of the answer')) return
    this.#somethingPassed()
    // A near side that has ended may still listen (a half-closed connection); most have left. Nothing is spoilt for them any more.
    if (this.#nearEnded) { this.#down.push(bytes); return }
    const { garbageAtOnce, midbody } = this.#parts.faults
    if (garbageAtOnce) { this.#garble(garbageAtOnce); return }
    const allowed = this.#body?.allow(bytes) ?? bytes.length
    if (!midbody || allowed === bytes.length) { this.#down.push(bytes); return }
    this.#down.push(bytes.subarray(0, allowed))
    this.#acted(midbody, 'close_midbody: closed in the middle of the answer')
    this.#down.end(0)
    this.#far.destroy()
  }

  #nearEnd(): void {
    this.#nearEnded = true
    if (this.#over || this.#swallowedBy) return
    this.#up.end(this.#parts.faults.slowEnd?.amount ?? 0)
    this.#bothEnded()
  }

  #farEnd(): void {
    this.#farEnded = true
    if (this.#over || this.#swallow(0, 'of the answer, and its end')) return
    const slow = this.#parts.faults.slowEnd
    if (slow && !this.#nearEnded) this.#acted(slow, 'slow_close: the end of the connection is held back')
    this.#down.end(slow?.amount ?? 0)
    this.#bothEnded()
  }

  /** Both ends have said their last word: what still crawls over a slow link would arrive at nobody. */
  #bothEnded(): void {
    if (!this.#nearEnded || !this.#farEnded || this.#parts.faults.slowEnd) return
    this.#up.cut()
    this.#far.end()
  }

  #passReset(other: Socket): void {
    if (!this.#over && !this.#swallowedBy && !other.destroyed) other.resetAndDestroy()
  }

  #closed(): void {
    const near = this.#near
    const far = this.#far
    // What is on its way to a connection that is gone arrives nowhere.
    if (far.destroyed) this.#up.cut()
    if (near.destroyed) this.#down.cut()
    if (near.destroyed && far.destroyed) {
      this.#over = true
      this.#stopTimers()
      this.#span.end('ok')
      this.#done()
    } else if (!this.#over && !this.#swallowedBy) {
      // One side is gone for good: once what is on its way has arrived, the other has nobody left.
      if (far.destroyed && this.#down.waiting === 0) near.destroySoon()
      if (near.destroyed && this.#up.waiting === 0) far.destroySoon()
    }
  }

  /** Ends both connections the same way and reports who did it. */
  #endBoth(fault: FaultPlan, how: 'fin' | 'rst', message: string): void {
    this.#acted(fault, message)
    this.#over = true
    this.#stopTimers()
    this.#up.cut()
    this.#down.cut()
    for (const [socket, side] of [[this.#near, 'downstream'], [this.#far, 'upstream']] as const) {
      this.#parts.run.emit({ type: 'connection_ended', layer: 'network', hop: 0, side, by: 'self', how, bytes: socket.bytesWritten, complete: false, error: fault.text })
      if (how === 'rst') socket.resetAndDestroy()
      else socket.destroySoon()
    }
  }

  #garble(fault: FaultPlan): void {
    this.#near.write(garbageBytes)
    this.#endBoth(fault, 'fin', 'garbage: bytes that are not HTTP were sent in place of the answer')
  }

  /** From now on everything vanishes. Nothing will ever come out of this connection again, so nobody waits for it. */
  #beginSwallowing(fault: FaultPlan): void {
    this.#swallowedBy ??= fault
    this.#up.cut()
    this.#down.cut()
    this.#done()
  }

  /** True if these bytes vanish. A near side that leaves has left by itself: its FIN is swallowed without a word. */
  #swallow(bytes: number, what: string): boolean {
    if (!this.#swallowedBy) return false
    this.#acted(this.#swallowedBy, `${this.#swallowedBy.action}: ${counted(bytes, 'byte')} ${what} vanished`)
    this.#vanishedBytes += bytes
    if (this.#vanishedBytes > mostVanishingBytes) {
      this.#near.pause()
      this.#far.pause()
    }
    return true
  }

  #isOn(fault: FaultPlan): boolean {
    return fault.atMs === null || this.#parts.run.clock.nowMs() - this.#acceptedMs >= fault.atMs
  }

  #acted(fault: FaultPlan, message: string): void {
    this.#told ??= new Set()
    if (this.#told.has(fault)) return
    this.#told.add(fault)
    const { run: { emit, log }, place } = this.#parts
    emit({ type: 'fault_injected', fault: fault.text, action: fault.action, place: fault.place })
    log('network', 'warn', message, { fault: fault.text, link_to: place.to })
  }

  #somethingPassed(): void {
    const { idleDrop } = this.#parts.faults
    if (!idleDrop || this.#swallowedBy || this.#over) return
    this.#idleTimer?.cancel()
    this.#idleTimer = this.#parts.run.clock.after(idleDrop.amount ?? 0, () => this.#beginSwallowing(idleDrop))
  }

  #stopTimers(): void {
    this.#idleTimer?.cancel()
    for (const timer of this.#timers ?? []) timer.cancel()
  }

  #at(fault: FaultPlan, afterMs: number, act: () => void): void {
    this.#timers ??= []
    this.#timers.push(this.#parts.run.clock.at(this.#acceptedMs + (fault.atMs ?? 0) + afterMs, () => { if (!this.#over) act() }))
  }

  #armTimed(): void {
    const { faults } = this.#parts
    for (const fault of faults.reset) this.#at(fault, 0, () => this.#endBoth(fault, 'rst', 'reset: both sides got a TCP reset'))
    for (const fault of faults.close) this.#at(fault, 0, () => this.#endBoth(fault, 'fin', 'close: both sides got a clean close'))
    for (const fault of faults.blackhole) this.#at(fault, 0, () => this.#beginSwallowing(fault))
    for (const fault of faults.garbage) if (fault.atMs !== null) this.#at(fault, 0, () => this.#garble(fault))
    for (const fault of faults.slow_close) {
      if (fault.atMs === null) continue
      this.#at(fault, 0, () => {
        this.#up.cut()
        this.#down.cut()
        this.#acted(fault, 'slow_close: nothing passes any more')
        this.#at(fault, fault.amount ?? 0, () => this.#endBoth(fault, 'fin', ''))
      })
    }
  }
}
