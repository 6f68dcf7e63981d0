import { EventEmitter } from 'node:events'
import type { BrowserContext } from 'playwright-core'
import { dialog } from './dialogs.ts'

type PermissionRequest = (contents: unknown, permission: string, answer: (granted: boolean) => void, details: object) => void
type PermissionCheck = (contents: unknown, permission: string) => boolean
type BeforeRequest = (details: { url: string; method: string; resourceType: string; id: number }, answer: (response: { cancel?: boolean }) => void) => void

/** Electron's names of permissions that Chromium can be told about, with Chromium's own. */
const permissions: Record<string, string> = {
  geolocation: 'geolocation', notifications: 'notifications', media: 'camera', midi: 'midi', 'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write', 'idle-detection': 'idle-detection', 'window-management': 'window-management', sensors: 'accelerometer',
}

export class Session extends EventEmitter {
  #request: PermissionRequest | null = null
  #check: PermissionCheck | null = null
  #beforeRequest: BeforeRequest | null = null
  #lastRequest = 0
  readonly webRequest = { onBeforeRequest: (listener: BeforeRequest | null) => { this.#beforeRequest = listener } }
  setPermissionRequestHandler(handler: PermissionRequest | null) { this.#request = handler }
  setPermissionCheckHandler(handler: PermissionCheck | null) { this.#check = handler }
  setDevicePermissionHandler() {}
  setSpellCheckerEnabled() {}

  /** Without a handler Electron grants everything; so does this, or a forgotten handler would not show. */
  #isGranted(permission: string): boolean {
    let granted = true
    this.#request?.(null, permission, (answer) => { granted = answer }, {})
    return granted && (this.#check?.(null, permission) ?? true)
  }
  async applyPermissions(context: BrowserContext, origin: string): Promise<void> {
    if (origin === 'null') return
    await context.clearPermissions()
    await context.grantPermissions(Object.keys(permissions).filter((name) => this.#isGranted(name)).map((name) => permissions[name] ?? name).filter((name) => known.has(name)), { origin })
  }
  isCanceled(url: string, method: string, resourceType: string): boolean {
    let cancel = false
    this.#beforeRequest?.({ url, method, resourceType, id: ++this.#lastRequest }, (answer) => { cancel = answer.cancel ?? false })
    return cancel
  }
}
/** A file on its way to the disk. Without a path the user is asked for one, as by Electron. */
export class DownloadItem extends EventEmitter {
  #path: string | null = null
  readonly #url: string
  readonly #fileName: string
  constructor(url: string, fileName: string) {
    super()
    this.#url = url
    this.#fileName = fileName
  }
  getURL() { return this.#url }
  getFilename() { return this.#fileName }
  setSavePath(path: string) { this.#path = path }
  async save(saveAs: (path: string) => Promise<void>): Promise<void> {
    const path = this.#path ?? (await (dialog as { showSaveDialog(options: object): Promise<{ filePath?: string }> }).showSaveDialog({ defaultPath: this.#fileName })).filePath
    if (!path) { this.emit('done', {}, 'cancelled'); return }
    await saveAs(path)
    this.emit('done', {}, 'completed')
  }
}

/** What playwright can grant. */
const known = new Set(['geolocation', 'notifications', 'camera', 'midi', 'clipboard-read', 'clipboard-write', 'accelerometer'])

export const session = { defaultSession: new Session() }
