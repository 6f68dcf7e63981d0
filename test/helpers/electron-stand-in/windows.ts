import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { app, openWindows, preventable } from './application.ts'
import { browserContext } from './browser.ts'
import { createCodec } from './codec.ts'
import { ipcMain } from './ipc.ts'
import { createIsolatedWorld, type DragEvent, type IsolatedWorld } from './isolated-world.ts'
import { closePopups, watchWindowOpen, type WindowOpenDetails } from './popups.ts'
import { routeAll, toReal, toShown, type Navigated } from './routes.ts'
import { DownloadItem, session, type Session } from './sessions.ts'
import { appendedSwitches } from './switches.ts'

interface Bounds { x: number; y: number; width: number; height: number }
interface Options { x?: number; y?: number; width?: number; height?: number; title?: string; show?: boolean; backgroundColor?: string; webPreferences?: { preload?: string } & Record<string, unknown> }
const windows = new Map<Page, BrowserWindow>()
const codec = createCodec()
let lastId = 0
let prepared: Promise<BrowserContext> | null = null

/** The browser, with every request and every page that opens under our eyes. */
function preparedContext(): Promise<BrowserContext> {
  prepared ??= browserContext().then(async (context) => {
    await routeAll(context, (route) => {
      const page = route.request().frame().page()
      return windows.get(page)?.webContents ?? null
    })
    closePopups(context, (page) => windows.has(page))
    return context
  })
  return prepared
}

class WebContents extends EventEmitter implements Navigated {
  readonly id = ++lastId
  readonly session: Session = session.defaultSession
  expected: string | null = null
  page: Page | null = null
  world: IsolatedWorld | null = null
  #windowOpen: ((details: WindowOpenDetails) => { action: 'deny' | 'allow' }) | null = null
  #zoom = 0
  readonly #preferences: Record<string, unknown>
  readonly #isClosed: () => boolean
  constructor(preferences: Record<string, unknown>, isClosed: () => boolean) {
    super()
    this.#preferences = preferences
    this.#isClosed = isClosed
  }
  isDestroyed() { return this.#isClosed() }
  getURL() { return toReal(this.page?.url() ?? '') }
  getLastWebPreferences() { return this.#preferences }
  get mainFrame() { return { url: this.getURL(), parent: null } }
  setWindowOpenHandler(handler: (details: WindowOpenDetails) => { action: 'deny' | 'allow' }) { this.#windowOpen = handler }
  setZoomLevel(level: number) { this.#zoom = level }
  getZoomLevel() { return this.#zoom }
  send(channel: string, ...args: unknown[]) {
    codec.encode(args)
    this.world?.send(channel, args)
  }
  reload() {
    if (this.page === null) this.emit('stand-in:revive')
    else void this.navigate(() => this.page?.reload().catch(() => undefined))
  }
  showColorScheme(colorScheme: 'light' | 'dark') { void this.page?.emulateMedia({ colorScheme }) }
  setWebRTCIPHandlingPolicy(policy: string) { appendedSwitches.set('webrtc-ip-handling-policy', policy) }
  readonly debugger = {
    attach() {}, detach() {},
    sendCommand: async (method: string, parameters: DragEvent) => {
      if (method !== 'Input.dispatchDragEvent') throw new Error(`the stand-in's debugger does not know ${method}`)
      await this.world?.drag(parameters)
    },
  }
  forcefullyCrashRenderer() {
    this.page = null
    void this.world?.crash()
  }
  executeJavaScript(source: string) { return this.page?.evaluate(source) }
  /** A navigation that the app itself asked for: no `will-navigate`. */
  async navigate(go: () => Promise<unknown> | undefined, url = this.getURL()): Promise<void> {
    this.expected = url
    await go()
    this.expected = null
  }
  /** The page wants a window. Without a handler Electron opens it; this ends instead, or a forgotten handler would not show. */
  windowAsked(details: WindowOpenDetails) {
    if (this.#windowOpen?.({ ...details, url: toReal(details.url) }).action === 'deny') return
    process.stderr.write(`stand-in: nobody denied a window for ${details.url}\n`)
    app.exit(1)
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>()
  static getAllWindows() { return [...BrowserWindow.#all] }
  static getFocusedWindow() { return [...BrowserWindow.#all].find((window) => window.isFocused()) ?? null }
  static fromWebContents(contents: WebContents) { return [...BrowserWindow.#all].find((window) => window.webContents === contents) ?? null }

  readonly id: number
  readonly webContents: WebContents
  #page: Promise<Page>
  #bounds: Bounds
  #state: 'normal' | 'maximized' | 'minimized' = 'normal'
  #visible: boolean
  #focused = false
  #destroyed = false
  #url = 'about:blank'
  constructor(options: Options = {}) {
    super()
    this.webContents = new WebContents(options.webPreferences ?? {}, () => this.#destroyed)
    this.id = this.webContents.id
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 }
    this.#visible = options.show ?? true
    this.#background = options.backgroundColor ?? '#FFFFFF'
    openWindows.add(this)
    BrowserWindow.#all.add(this)
    this.#page = this.#open(options.webPreferences?.preload)
    this.#page.catch((error) => { process.stderr.write(`stand-in: ${String(error)}\n`); app.exit(1) })
    // Playwright gives up a page that crashed: the same window goes on with another one.
    this.webContents.on('stand-in:revive', () => {
      const crashed = this.#page
      this.#page = this.#open(options.webPreferences?.preload)
      void crashed.then((page) => { windows.delete(page); return page.close() })
      this.loadURL(this.#url).catch(() => undefined)
    })
    app.emit('web-contents-created', {}, this.webContents)
    app.emit('browser-window-created', {}, this)
  }

  async #open(preload: string | undefined): Promise<Page> {
    const context = await preparedContext()
    const page = await context.newPage()
    const { webContents } = this
    webContents.page = page
    windows.set(page, this)
    await watchWindowOpen(context, page, (details) => webContents.windowAsked(details))
    webContents.world = await createIsolatedWorld(context, page, preload ? readFileSync(preload, 'utf8') : '', (message) => {
      const event = { sender: webContents, senderFrame: { url: webContents.getURL(), parent: null }, processId: 1, frameId: 1, type: 'frame' }
      return ipcMain.receive(event, message)
    })
    await page.setViewportSize({ width: this.#bounds.width, height: this.#bounds.height })
    let shown = false
    page.on('domcontentloaded', () => {
      webContents.emit('dom-ready', {})
      if (!shown && page.url() !== 'about:blank') this.emit('ready-to-show')
      shown ||= page.url() !== 'about:blank'
    })
    page.on('framenavigated', (frame) => { if (frame === page.mainFrame() && frame.url() !== 'about:blank') webContents.emit('did-navigate', {}, webContents.getURL()) })
    page.on('load', () => { webContents.emit('did-finish-load', {}) })
    page.on('console', (message) => webContents.emit('console-message', { level: message.type(), message: message.text() }))
    page.on('crash', () => {
      // A new page may have taken its place already.
      if (webContents.page === page) webContents.page = null
      webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    })
    page.on('download', (download) => {
      const event = preventable()
      const item = new DownloadItem(toReal(download.url()), download.suggestedFilename())
      session.defaultSession.emit('will-download', event, item, webContents)
      if (event.defaultPrevented) void download.cancel()
      else void item.save((path) => download.saveAs(path))
    })
    page.on('close', () => this.#closed(page))
    return page
  }
  #closed(page: Page) {
    if (this.#destroyed || windows.get(page) !== this) return
    this.#destroyed = true
    windows.delete(page)
    openWindows.delete(this)
    BrowserWindow.#all.delete(this)
    this.webContents.emit('destroyed')
    this.emit('closed')
    if (openWindows.size === 0 && !app.emit('window-all-closed')) app.quit()
  }

  async loadURL(url: string): Promise<void> {
    this.#url = url
    const page = await this.#page
    await session.defaultSession.applyPermissions(page.context(), new URL(toShown(url)).origin)
    await this.webContents.navigate(() => page.goto(toShown(url), { waitUntil: 'load' }), url)
  }
  close(): void { void this.closeUnlessPrevented() }
  /** False where a listener kept the window open; true once it is gone, however long its page still took to open. */
  async closeUnlessPrevented(): Promise<boolean> {
    if (this.#destroyed) return true
    const event = preventable()
    this.emit('close', event)
    if (event.defaultPrevented) return false
    const closed = new Promise<void>((resolve) => { this.once('closed', () => resolve()) })
    this.destroy()
    await closed
    return true
  }
  destroy(): void { void this.#page.then((page) => page.close()) }
  isDestroyed() { return this.#destroyed }
  getBounds() { return { ...this.#bounds } }
  getNormalBounds() { return { ...this.#bounds } }
  isFullScreen() { return false }
  #background = ''
  setBackgroundColor(color: string) { this.#background = color }
  getBackgroundColor() { return this.#background }
  setBounds(bounds: Partial<Bounds>) {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.emit('resize')
  }
  show() { this.#visible = true; this.focus() }
  isVisible() { return this.#visible }
  focus() { this.#focused = true; this.emit('focus') }
  blur() { this.#focused = false; this.emit('blur') }
  isFocused() { return this.#focused }
  maximize() { this.#state = 'maximized'; this.emit('maximize') }
  unmaximize() { this.#state = 'normal'; this.emit('unmaximize') }
  isMaximized() { return this.#state === 'maximized' }
  minimize() { this.#state = 'minimized'; this.#focused = false; this.emit('minimize') }
  isMinimized() { return this.#state === 'minimized' }
  restore() { this.#state = 'normal'; this.emit('restore') }
}
