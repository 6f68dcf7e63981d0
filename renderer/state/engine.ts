import { create } from 'zustand'
import type { Bridge, CallArgs, CallError, CallName, CallResult, Hello, PushName, Pushes } from '../../shared/bridge/contract.ts'
import type { HostQuestion } from '../../shared/bridge/host-commands.ts'
import type { Door } from '../bridge.ts'

/** The engine as the screen knows it. */
interface EngineState {
  phase: 'connecting' | 'ready' | 'lost'
  /** What the engine said of itself; stays while the connection is lost. */
  hello: Hello | null
  /** Why `hello` failed, if it did. */
  error: CallError | null
}

export const useEngine = create<EngineState>(() => ({ phase: 'connecting', hello: null, error: null }))

let door: Door | null = null
const afterHello = new Set<(hello: Hello, again: boolean) => void>()

/** Connects this screen to an engine; called once, before anything is drawn. `again` in `onHello` tells a reconnect. `greeting`: the engine was greeted already. */
export function connectEngine(to: Door, greeting: Promise<Hello> = to.call('hello')): void {
  door = to
  const greet = (greeted: Promise<Hello>) => {
    greeted.then((hello) => {
      const again = useEngine.getState().hello !== null
      useEngine.setState({ phase: 'ready', hello, error: null })
      for (const listener of afterHello) listener(hello, again)
    }, (error: unknown) => useEngine.setState({ error: toCallError(error), ...(to.state().phase === 'open' ? {} : { phase: 'lost' }) }))
  }
  to.onState((state) => {
    if (state.phase === 'lost') useEngine.setState({ phase: 'lost' })
    if (state.phase === 'open' && useEngine.getState().phase === 'lost') greet(to.call('hello'))
  })
  greet(greeting)
}

/** Calls `listener` after every greeting, the first and those after a lost connection. */
export function onHello(listener: (hello: Hello, again: boolean) => void): void {
  afterHello.add(listener)
}

/** One call to the engine. Rejects with a `CallError`, whatever went wrong. */
export function call<C extends CallName>(name: C, ...args: CallArgs<C>): Promise<CallResult<C>> {
  if (!door) return Promise.reject(toCallError(new Error('The screen is not connected to an engine.')))
  return door.call(name, ...args).catch((error: unknown) => { throw toCallError(error) })
}

export function onPush<P extends PushName>(name: P, listener: (value: Pushes[P]) => void): () => void {
  return door ? door.on(name, listener) : () => {}
}

export function retryEngine(): void {
  door?.retry()
}

/** Asks the host for a dialog of the system; false where it has none. */
export function askHost(what: HostQuestion, value = ''): boolean {
  door?.ask?.(what, value)
  return door?.ask !== undefined
}

export function hostOf(): Bridge['host'] {
  return door?.host ?? 'web'
}

/** Any failure in the shape that the screen can show. Electron's IPC wraps errors as text; the contract's JSON is looked for inside. */
export function toCallError(error: unknown): CallError {
  if (typeof error === 'object' && error !== null) {
    const { code, message, hint, where } = error as Partial<CallError>
    if (typeof message === 'string') return { code: typeof code === 'string' ? code : 'failed', message, hint: hint ?? null, where: where ?? null }
  }
  return { code: 'failed', message: String(error), hint: null, where: null }
}
