import { EventEmitter } from 'node:events'
import { startControl } from './control.ts'

export { app } from './application.ts'
export { BrowserWindow } from './windows.ts'
export { ipcMain } from './ipc.ts'
export { Menu } from './menus.ts'
export { dialog } from './dialogs.ts'
export { protocol } from './routes.ts'
export { session } from './sessions.ts'
export { utilityProcess } from './utility-process.ts'

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }
export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false, themeSource: 'system' })

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
