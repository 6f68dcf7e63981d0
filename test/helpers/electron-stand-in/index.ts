import { EventEmitter } from 'node:events'
import { startControl } from './control.ts'
import { BrowserWindow } from './windows.ts'

export { app } from './application.ts'
export { BrowserWindow }
export { ipcMain } from './ipc.ts'
export { Menu } from './menus.ts'
export { dialog } from './dialogs.ts'
export { protocol } from './routes.ts'
export { session } from './sessions.ts'
export { utilityProcess } from './utility-process.ts'

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }

/** Light or dark, for the app and for its pages. The system that this one has is light. */
class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system'
  get shouldUseDarkColors() { return this.#source === 'dark' }
  get themeSource() { return this.#source }
  set themeSource(source) {
    this.#source = source
    for (const window of BrowserWindow.getAllWindows()) window.webContents.showColorScheme(this.shouldUseDarkColors ? 'dark' : 'light')
    this.emit('updated')
  }
}
export const nativeTheme = new NativeTheme()

/** Notifications that were shown, for specs. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = []
  static isSupported() { return true }
  readonly title: string
  readonly body: string
  constructor({ title, body }: { title: string; body: string }) {
    super()
    this.title = title
    this.body = body
  }
  show() { Notification.shown.push(this) }
}

startControl()
