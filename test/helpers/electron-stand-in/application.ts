import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { closeBrowser, userData } from './browser.ts'
import { takeInstanceLock } from './instance-lock.ts'
import { appendedSwitches } from './switches.ts'
import { utilityProcesses } from './utility-process.ts'

/** An event that a listener can prevent. */
export interface Preventable { preventDefault(): void; readonly defaultPrevented: boolean }

export function preventable<T extends object>(more: T = {} as T): Preventable & T {
  let defaultPrevented = false
  return { ...more, preventDefault() { defaultPrevented = true }, get defaultPrevented() { return defaultPrevented } }
}

/** Windows that `quit` has to close; filled by `windows.ts`. */
export const openWindows = new Set<{ closeUnlessPrevented(): Promise<boolean> }>()

class Application extends EventEmitter {
  readonly isPackaged = false
  readonly recentDocuments: string[] = []
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => {
      if (this.#ready) throw new Error('the stand-in takes switches for Chromium only before it is ready')
      appendedSwitches.set(name, value)
    },
  }
  /** What `relaunch` would start when this process has ended. */
  relaunched: { execPath?: string; args?: string[] } | null = null
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
  setAppUserModelId() {}
  getAppMetrics() { return [...utilityProcesses].map(([{ pid }, name]) => ({ pid, type: 'Utility', name })) }
  relaunch(options: { execPath?: string; args?: string[] } = {}) { this.relaunched = options }
  getVersion() { return '0.0.0' }
  getPath(name: string) {
    if (name !== 'userData') throw new Error(`the stand-in has no path "${name}"`)
    return userData()
  }
  addRecentDocument(path: string) { this.recentDocuments.unshift(path) }
  clearRecentDocuments() { this.recentDocuments.length = 0 }

  requestSingleInstanceLock(): boolean {
    // Electron tells of second starts only after `ready`.
    return takeInstanceLock(userData(), (args, folder) => { void this.#whenReady.then(() => this.emit('second-instance', {}, args, folder, null)) })
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
    if (this.relaunched) spawn(this.relaunched.execPath ?? process.execPath, [...process.execArgv, ...this.relaunched.args ?? process.argv.slice(1)], { detached: true, stdio: 'ignore' }).unref()
    process.exit(0)
  }
  async #askAll(): Promise<boolean> {
    const before = preventable()
    this.emit('before-quit', before)
    if (before.defaultPrevented) return true
    for (const window of openWindows) if (!await window.closeUnlessPrevented()) return true
    const will = preventable()
    this.emit('will-quit', will)
    if (will.defaultPrevented) this.#quitting = false
    return will.defaultPrevented
  }
}
export const app = new Application()
