import { EventEmitter } from 'node:events'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeBrowser, userData } from './browser.ts'

/** An event that a listener can prevent. */
export interface Preventable { preventDefault(): void; readonly defaultPrevented: boolean }

export function preventable<T extends object>(more: T = {} as T): Preventable & T {
  let defaultPrevented = false
  return { ...more, preventDefault() { defaultPrevented = true }, get defaultPrevented() { return defaultPrevented } }
}

/** Windows that `quit` has to close; filled by `windows.ts`. */
export const openWindows = new Set<{ close(): void; isDestroyed(): boolean; once(name: 'closed', listener: () => void): unknown }>()

class Application extends EventEmitter {
  readonly isPackaged = false
  readonly recentDocuments: string[] = []
  readonly commandLine = { appendSwitch: () => undefined, hasSwitch: () => false }
  #name = 'Electron'
  #ready = false
  #quitting = false
  readonly #whenReady = new Promise<void>((resolve) => {
    setImmediate(() => {
      this.#ready = true
      this.emit('ready')
      resolve()
    })
  })
  whenReady() { return this.#whenReady }
  isReady() { return this.#ready }
  getName() { return this.#name }
  setName(name: string) { this.#name = name }
  getVersion() { return '0.0.0' }
  getPath(name: string) {
    if (name !== 'userData') throw new Error(`the stand-in has no path "${name}"`)
    return userData()
  }
  addRecentDocument(path: string) { this.recentDocuments.unshift(path) }
  clearRecentDocuments() { this.recentDocuments.length = 0 }

  /** The second start leaves its arguments in a folder that the first one watches. */
  requestSingleInstanceLock(): boolean {
    const lock = join(userData(), 'lock')
    const letters = join(userData(), 'second-instance')
    mkdirSync(letters, { recursive: true })
    try {
      closeSync(openSync(lock, 'wx'))
    } catch {
      writeFileSync(join(letters, `${process.pid}.json`), JSON.stringify({ args: process.argv, folder: process.cwd() }))
      return false
    }
    process.once('exit', () => rmSync(lock, { force: true }))
    watch(letters, () => {
      for (const name of readdirSync(letters)) {
        const file = join(letters, name)
        try {
          const { args, folder } = JSON.parse(readFileSync(file, 'utf8'))
          rmSync(file)
          this.emit('second-instance', {}, args, folder, null)
        } catch {
          // Not written to its end yet; the next event comes when it is.
        }
      }
    }).unref()
    return true
  }

  quit(): void { void this.#quit() }
  exit(code = 0): void { process.exit(code) }

  /** Electron's order: before-quit, every window's close, will-quit, quit. Each of them can be prevented. */
  async #quit(): Promise<void> {
    if (this.#quitting) return
    this.#quitting = true
    const stopped = await this.#askAll()
    if (stopped) {
      this.#quitting = false
      return
    }
    await closeBrowser()
    this.emit('quit', {}, 0)
    process.exit(0)
  }
  async #askAll(): Promise<boolean> {
    const before = preventable()
    this.emit('before-quit', before)
    if (before.defaultPrevented) return true
    for (const window of openWindows) {
      const closed = new Promise<void>((resolve) => { window.once('closed', resolve) })
      window.close()
      if (openWindows.has(window) && !window.isDestroyed()) await Promise.race([closed, new Promise((resolve) => { setTimeout(resolve, 5000) })])
      if (!window.isDestroyed()) return true
    }
    const will = preventable()
    this.emit('will-quit', will)
    if (will.defaultPrevented) this.#quitting = false
    return will.defaultPrevented
  }
}
export const app = new Application()
