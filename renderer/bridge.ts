import { mostBridgeBytes, type Bridge, type CallArgs, type CallError, type CallName, type CallResult, type PushName, type Pushes } from '../shared/bridge/contract.ts'

/** Whether the engine can be reached. `lost` says since when, so that the screen can offer to try again. */
export type DoorState = { phase: 'connecting' } | { phase: 'open' } | { phase: 'lost'; sinceMs: number; reason: string }

/** The single door to the engine: the contract's bridge, and whether it stands open. */
export interface Door extends Bridge {
  readonly state: () => DoorState
  onState(listener: (state: DoorState) => void): () => void
  /** Tries to reach the engine again at once. */
  retry(): void
}

declare global {
  interface Window { cutoff?: Bridge }
}

/** Opens the door of the host this screen runs in: Electron's preload, or a WebSocket to the web host that served the page. */
export function openDoor(): Door {
  return window.cutoff ? doorOfPreload(window.cutoff) : webDoor(bridgeAddress(window.location))
}

/** `http://127.0.0.1:4000/x?y` -> `ws://127.0.0.1:4000/bridge`. */
export function bridgeAddress(location: { protocol: string; host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/bridge`
}

function doorOfPreload(bridge: Bridge): Door {
  return {
    host: bridge.host,
    ask: bridge.ask,
    call: (name, ...args) => bridge.call(name, ...args),
    on: (name, listener) => bridge.on(name, listener),
    state: () => ({ phase: 'open' }),
    // The engine lives in the same application: when it goes, this page goes.
    onState: () => () => {},
    retry: () => {},
  }
}

interface Waiting { resolve: (value: never) => void; reject: (error: CallError) => void }
type Answer = { id: number; ok: unknown } | { id: number; error: CallError } | { push: PushName; value: unknown }

/** Waits before a new attempt: quick at first, then every three seconds. */
const waits = [250, 500, 1000, 2000, 3000]

/** A door over one WebSocket that opens itself again after it broke. Calls under way when it breaks are rejected. */
export function webDoor(address: string): Door {
  const waiting = new Map<number, Waiting>()
  const queue: string[] = []
  const listeners = new Map<PushName, Set<(value: never) => void>>()
  const stateListeners = new Set<(state: DoorState) => void>()
  let state: DoorState = { phase: 'connecting' }
  let socket: WebSocket | null = null
  let lastId = 0
  let attempts = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function setState(next: DoorState) {
    state = next
    for (const listener of stateListeners) listener(next)
  }
  function connect() {
    clearTimeout(timer)
    const mine = new WebSocket(address)
    socket = mine
    mine.addEventListener('open', () => {
      attempts = 0
      for (const message of queue.splice(0)) mine.send(message)
      setState({ phase: 'open' })
    })
    mine.addEventListener('message', (event) => receive(JSON.parse(String(event.data)) as Answer))
    mine.addEventListener('close', (event) => {
      if (socket !== mine) return
      socket = null
      lose(event.reason)
    })
  }
  function lose(reason: string) {
    const sinceMs = state.phase === 'lost' ? state.sinceMs : performance.now()
    for (const call of waiting.values()) call.reject(lostError)
    waiting.clear()
    queue.length = 0
    timer = setTimeout(connect, waits[Math.min(attempts++, waits.length - 1)])
    setState({ phase: 'lost', sinceMs, reason })
  }
  function receive(answer: Answer) {
    if ('push' in answer) {
      for (const listener of listeners.get(answer.push) ?? []) listener(answer.value as never)
      return
    }
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) call?.reject(answer.error)
    else call?.resolve(answer.ok as never)
  }

  connect()
  return {
    host: 'web',
    call<C extends CallName>(name: C, ...args: CallArgs<C>): Promise<CallResult<C>> {
      return new Promise((resolve, reject) => {
        if (state.phase === 'lost') { reject(lostError as CallError); return }
        const id = ++lastId
        const message = JSON.stringify({ id, call: name, args })
        // It would end the connection, and with it every other call.
        if (message.length > mostBridgeBytes / 4 && new Blob([message]).size > mostBridgeBytes) { reject(tooLargeError as CallError); return }
        waiting.set(id, { resolve: resolve as (value: never) => void, reject })
        if (socket?.readyState === WebSocket.OPEN) socket.send(message)
        else queue.push(message)
      })
    },
    on<P extends PushName>(name: P, listener: (value: Pushes[P]) => void) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (value: never) => void)
      return () => { set.delete(listener as (value: never) => void) }
    },
    state: () => state,
    onState(listener) {
      stateListeners.add(listener)
      return () => { stateListeners.delete(listener) }
    },
    retry() {
      if (state.phase !== 'lost') return
      attempts = 0
      connect()
    },
  }
}

const lostError: CallError = { code: 'engine_lost', message: 'The engine does not answer.', hint: 'Start Cutoff again; what you typed is kept.', where: null }
const tooLargeError: CallError = { code: 'too_large', message: 'This is more than a browser can send to the engine.', hint: 'The command line reads it from its file: `cutoff show FILE`.', where: null }
