import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge, CallArgs, CallName, CallResult, PushName, Pushes } from '../shared/bridge/contract.ts'
import { channels } from './hosts/desktop-channels.ts'
import type { Answer, Push } from './hosts/engine-port.ts'

/**
 * Runs sandboxed, in a world of its own, before the page. Gives the page the typed bridge and nothing else: no channel names, no
 * `ipcRenderer`, no events of Electron.
 */
const listeners = new Map<PushName, Set<(value: never) => void>>()
/** Commands that came before the screen's code listened: a file that the app was started with, say. */
const early: Pushes['command'][] = []
ipcRenderer.on(channels.push, (_event, push: Push) => {
  const heard = listeners.get(push.push)
  if (push.push === 'command' && !heard) early.push(push.value)
  for (const listener of heard ?? []) listener(push.value as never)
})

const bridge: Bridge = {
  host: 'desktop',
  ask(what, value) { ipcRenderer.send(channels.asked, what, value) },
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
    if (name === 'command') for (const command of early.splice(0)) listener(command as Pushes[P])
    return () => { set.delete(listener as (value: never) => void) }
  },
}
contextBridge.exposeInMainWorld('cutoff', bridge)

// Only here can the path of a dropped file be learnt. Scripts and saved runs are opened by it, so that they can be saved again; the main
// process checks it first. While diagnosing, files and folders go on the desk by their paths: nothing is copied, and they can be read
// again. Every other drop is the page's.
const page = globalThis as unknown as Page
page.addEventListener('drop', (event) => {
  const paths = Array.from(event.dataTransfer?.files ?? [], (file) => webUtils.getPathForFile(file))
  if (page.document.documentElement.dataset['drop'] === 'desk') {
    if (paths.length === 0 || paths.includes('')) return
    event.preventDefault()
    event.stopImmediatePropagation()
    void ipcRenderer.invoke(channels.call, 'deskAdd', [paths, 'source'])
    page.dispatchEvent(new page.DragEvent('dragleave'))
    return
  }
  if (paths.length === 0 || !paths.every((path) => /\.(?:pyw?|cutoff|cutoff\.json)$/i.test(path))) return
  event.preventDefault()
  event.stopImmediatePropagation()
  for (const path of paths) ipcRenderer.send(channels.dropped, path)
  // The page never sees this drop: to it the drag just leaves.
  page.dispatchEvent(new page.DragEvent('dragleave'))
}, { capture: true })

/** The part of the DOM that is used; this folder's other files know none. */
interface Page {
  addEventListener(name: 'drop', listener: (event: FileDrop) => void, options: { capture: true }): void
  dispatchEvent(event: object): boolean
  DragEvent: new (name: string) => object
  document: { documentElement: { dataset: Record<string, string | undefined> } }
}
interface FileDrop { preventDefault(): void; stopImmediatePropagation(): void; dataTransfer: { files: ArrayLike<Parameters<typeof webUtils.getPathForFile>[0]> } | null }
