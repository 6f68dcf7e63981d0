import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { createCodec } from './codec.ts'
import { linkWorlds, startPageWorld, startPreloadWorld } from './page-runtime.ts'

const worldName = 'Electron Isolated Context'
const codec = createCodec()

/** What CDP's `Input.dispatchDragEvent` takes. */
export interface DragEvent { type: 'dragEnter' | 'dragOver' | 'drop'; x: number; y: number; data: { items: never[]; files?: string[]; dragOperationsMask: number } }
export interface FromPage { kind: 'invoke' | 'send'; id: number; channel: string; args: unknown[] }

/** The preload of one page, in a world of its own, and the wire to it. */
export interface IsolatedWorld {
  /** A message of `webContents.send`. Messages are handed over in batches, in order. */
  send(channel: string, args: unknown[]): void
  /** Drags files with these paths over the page, as a person would (CDP's `Input.dispatchDragEvent`). */
  drag(event: DragEvent): Promise<void>
  /** Crashes the page's process. */
  crash(): Promise<void>
}

/** Prepares a page, before it shows anything, so that every document starts with the preload. */
export async function createIsolatedWorld(context: BrowserContext, page: Page, preload: string, onMessage: (message: FromPage) => Promise<unknown>): Promise<IsolatedWorld> {
  const cdp = await context.newCDPSession(page)
  const secret = randomBytes(8).toString('hex')
  const binding = `standIn${secret}`
  const outbox: string[] = []
  let contextId: number | null = null
  let pumping = false

  const pump = async () => {
    if (pumping) return
    pumping = true
    for (let batch = outbox.splice(0); batch.length > 0; batch = outbox.splice(0)) {
      // A page that goes away meanwhile loses its messages, as in Electron.
      if (contextId !== null) await cdp.send('Runtime.evaluate', { contextId, expression: `globalThis[${JSON.stringify(`${binding}:receive`)}](${JSON.stringify(batch)})` }).catch(() => undefined)
    }
    pumping = false
  }
  const post = (message: object) => {
    outbox.push(JSON.stringify(message))
    void pump()
  }
  const receive = async (payload: string) => {
    const message = JSON.parse(payload)
    const answer = onMessage({ ...message, args: codec.decode(message.args) })
    if (message.kind !== 'invoke') return
    try {
      post({ kind: 'answer', id: message.id, ok: codec.encode(await answer) })
    } catch (error) {
      post({ kind: 'answer', id: message.id, error: `Error invoking remote method '${message.channel}': ${String(error)}` })
    }
  }

  const { frameTree } = await cdp.send('Page.getFrameTree')
  const isOurs = ({ name, auxData }: { name: string; auxData?: Record<string, unknown> }) => name === worldName && auxData?.frameId === frameTree.frame.id
  cdp.on('Runtime.executionContextCreated', ({ context: created }) => { if (isOurs(created)) contextId = created.id })
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => { if (executionContextId === contextId) contextId = null })
  cdp.on('Runtime.executionContextsCleared', () => { contextId = null })
  cdp.on('Runtime.bindingCalled', ({ name, payload }) => { if (name === binding) void receive(payload) })
  await enable(cdp, binding)
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: topFrameOnly(`(${startPageWorld})(${createCodec}, ${linkWorlds}, ${JSON.stringify(secret)})`) })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { worldName, source: topFrameOnly(preloadSource(preload, secret, binding)) })
  return {
    send: (channel, args) => post({ kind: 'push', channel, args: codec.encode(args) }),
    async drag(event) {
      const paths = Object.fromEntries(event.data.files?.map((path) => [`${basename(path)} ${statSync(path).size}`, path]) ?? [])
      if (contextId !== null) await cdp.send('Runtime.evaluate', { contextId, expression: `globalThis[${JSON.stringify(`${binding}:paths`)}] = ${JSON.stringify(paths)}` })
      await cdp.send('Input.dispatchDragEvent', event)
    },
    crash: async () => { await cdp.send('Page.crash').catch(() => undefined) },
  }
}

async function enable(cdp: CDPSession, binding: string): Promise<void> {
  await cdp.send('Page.enable')
  await cdp.send('Runtime.enable')
  await cdp.send('Runtime.addBinding', { name: binding, executionContextName: worldName })
}

function topFrameOnly(source: string): string {
  return `if (window === window.top) { ${source} }`
}

function preloadSource(preload: string, secret: string, binding: string): string {
  const args = [String(createCodec), String(linkWorlds), JSON.stringify(secret), JSON.stringify(binding), `function (require, module, exports, process, Buffer, global) { ${preload}\n}`, JSON.stringify(process.versions), JSON.stringify(process.platform)]
  return `(${startPreloadWorld})(${args.join(', ')})`
}
