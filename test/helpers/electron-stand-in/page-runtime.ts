import type { Codec, Handles } from './codec.ts'

/** Functions below run in the page as their own source text (`String(fn)`): they use nothing from outside but what they are given. */
type MakeCodec = (handles?: Handles) => Codec
type Message =
  | { kind: 'call'; handle: number; args: string; id: number }
  | { kind: 'result'; id: number; ok: boolean; value: string }
  | { kind: 'settled'; handle: number; ok: boolean; value: string }
  | { kind: 'expose'; key: string; value: string }

/**
 * One end of a link between two worlds of a page. They share the document but no objects: messages are texts in DOM events, which
 * are delivered at once, so that a call can return its result. Functions and promises cross as handles, as in a context bridge.
 */
export function linkWorlds(createCodec: MakeCodec, secret: string, side: 'page' | 'preload', onExpose: (key: string, value: unknown) => void) {
  const other = side === 'page' ? 'preload' : 'page'
  const mine = new Map<number, unknown>()
  const theirs = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  const results = new Map<number, { ok: boolean; value: unknown }>()
  let lastHandle = 0
  let lastCall = 0
  const say = (message: Message) => { document.dispatchEvent(new CustomEvent(`${secret}:${other}`, { detail: JSON.stringify(message) })) }
  const watch = (promise: Promise<unknown>, handle: number) => {
    promise.then((value) => say({ kind: 'settled', handle, ok: true, value: codec.encode(value) }), (error) => say({ kind: 'settled', handle, ok: false, value: codec.encode(error) }))
  }
  const codec = createCodec({
    toHandle(value) {
      const handle = ++lastHandle
      mine.set(handle, value)
      if (value instanceof Promise) { watch(value, handle); return -handle }
      return handle
    },
    // A negative handle stands for a promise.
    fromHandle: (handle) => handle < 0
      ? new Promise((resolve, reject) => { theirs.set(-handle, { resolve, reject }) })
      : (...args: unknown[]) => {
          const id = ++lastCall
          say({ kind: 'call', handle, args: codec.encode(args), id })
          const result = results.get(id)
          results.delete(id)
          if (!result) throw new Error('the other world did not answer')
          if (!result.ok) throw result.value
          return result.value
        },
  })
  const receive = (message: Message) => {
    switch (message.kind) {
      case 'expose': onExpose(message.key, codec.decode(message.value)); return
      case 'result': results.set(message.id, { ok: message.ok, value: codec.decode(message.value) }); return
      case 'settled': {
        const waiting = theirs.get(message.handle)
        theirs.delete(message.handle)
        if (message.ok) waiting?.resolve(codec.decode(message.value))
        else waiting?.reject(codec.decode(message.value))
        return
      }
      case 'call':
        try {
          const value = (mine.get(message.handle) as (...args: unknown[]) => unknown)(...codec.decode(message.args) as unknown[])
          say({ kind: 'result', id: message.id, ok: true, value: codec.encode(value) })
        } catch (error) {
          say({ kind: 'result', id: message.id, ok: false, value: codec.encode(error) })
        }
    }
  }
  document.addEventListener(`${secret}:${side}`, (event) => receive(JSON.parse((event as CustomEvent<string>).detail)))
  return { expose: (key: string, value: unknown) => say({ kind: 'expose', key, value: codec.encode(value) }) }
}

/** In the page's own world: exposed values appear as frozen properties of `window`. */
export function startPageWorld(createCodec: MakeCodec, link: typeof linkWorlds, secret: string): void {
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze)
    return Object.freeze(value)
  }
  link(createCodec, secret, 'page', (key, value) => Object.defineProperty(window, key, { value: freeze(value), enumerable: true }))
}

/** In the isolated world: runs the preload with what a sandboxed one gets. */
export function startPreloadWorld(createCodec: MakeCodec, link: typeof linkWorlds, secret: string, binding: string, preload: (...args: unknown[]) => void, versions: Record<string, string>, platform: string): void {
  const wire = (globalThis as unknown as Record<string, (text: string) => void>)[binding]
  const codec = createCodec()
  const { expose } = link(createCodec, secret, 'preload', () => undefined)
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>()
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let lastId = 0
  const listenersOf = (channel: string) => listeners.get(channel) ?? []
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) => new Promise((resolve, reject) => {
      const id = ++lastId
      wire?.(JSON.stringify({ kind: 'invoke', id, channel, args: codec.encode(args) }))
      waiting.set(id, { resolve, reject })
    }),
    send(channel: string, ...args: unknown[]) { wire?.(JSON.stringify({ kind: 'send', channel, args: codec.encode(args) })) },
    on(channel: string, listener: (...args: unknown[]) => void) { listeners.set(channel, [...listenersOf(channel), listener]); return ipcRenderer },
    off(channel: string, listener: (...args: unknown[]) => void) { listeners.set(channel, listenersOf(channel).filter((other) => other !== listener)); return ipcRenderer },
  }
  Object.defineProperty(globalThis, `${binding}:receive`, { value: (texts: string[]) => {
    for (const text of texts) {
      const message = JSON.parse(text)
      if (message.kind === 'push') for (const listener of listenersOf(message.channel)) listener({}, ...codec.decode(message.args) as unknown[])
      else {
        const call = waiting.get(message.id)
        waiting.delete(message.id)
        if (message.ok === undefined) call?.reject(new Error(message.error))
        else call?.resolve(codec.decode(message.ok))
      }
    }
  } })
  const electron = {
    ipcRenderer,
    contextBridge: { exposeInMainWorld: expose },
    // A file that a page made up has no path, in Electron either. Where dragged files came from was told by who dragged them.
    webUtils: { getPathForFile: ({ name, size }: File) => (globalThis as unknown as Record<string, Record<string, string>>)[`${binding}:paths`]?.[`${name} ${size}`] ?? '' },
  }
  const require = (name: string) => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  preload(require, module, module.exports, { platform, versions, env: {}, contextIsolated: true, sandboxed: true, type: 'renderer' })
}
