import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge, CallArgs, CallName, CallResult, PushName, Pushes } from '../shared/bridge/contract.ts'
import { channels } from './hosts/desktop-channels.ts'
import type { Answer, Push } from './hosts/engine-port.ts'

/**
 * Runs sandboxed, in a world of its own, before the page. Gives the page the typed bridge and nothing else: no channel names, no
 * `ipcRenderer`, no events of Electron.
 */
const listeners = new Map<PushName, Set<(value: never) => void>>()
ipcRenderer.on(channels.push, (_event, push: Push) => {
  for (const listener of listeners.get(push.push) ?? []) listener(push.value as never)
})

const bridge: Bridge = {
  host: 'desktop',
  async call<C extends CallName>(name: C, ...args: CallArgs<C>): Promise<CallResult<C>> {
    const answer: Answer = await ipcRenderer.invoke(channels.call, name, args)
    // Not an Error: of those only the message would reach the page.
    // oxlint-disable-next-line no-throw-literal
    if ('error' in answer) throw answer.error
    return answer.ok as CallResult<C>
  },
  on<P extends PushName>(name: P, listener: (value: Pushes[P]) => void): () => void {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set)
    set.add(listener as (value: never) => void)
    return () => { set.delete(listener as (value: never) => void) }
  },
}
contextBridge.exposeInMainWorld('cutoff', bridge)

// Only here can the path of a dropped file be learnt; the page itself never sees it before the main process has checked it.
const page = globalThis as unknown as { addEventListener(name: 'dragover' | 'drop', listener: (event: FileDrag) => void): void }
page.addEventListener('dragover', (event) => event.preventDefault())
page.addEventListener('drop', (event) => {
  const file = event.dataTransfer?.files[0]
  if (!file) return
  event.preventDefault()
  ipcRenderer.send(channels.dropped, webUtils.getPathForFile(file))
})

/** The part of a DOM drag event that is used; this folder's other files know no DOM. */
interface FileDrag { preventDefault(): void; dataTransfer: { files: ArrayLike<Parameters<typeof webUtils.getPathForFile>[0]> } | null }
