import { app, session, type Session, type WebContents } from 'electron'
import { pageOrigin } from './app-protocol.ts'

/**
 * What no page in this app may do, whatever it shows: leave for another address, open windows, embed a webview, be granted a
 * permission, reach the network, download. Holds for every web contents that is ever made, not just for the window we know of.
 */
export function lockDown(): void {
  lockSession(session.defaultSession)
  app.on('web-contents-created', (_event, contents) => lockContents(contents))
}

function lockSession(own: Session): void {
  own.setPermissionRequestHandler((_contents, permission, answer) => answer(isAllowed(permission)))
  own.setPermissionCheckHandler((_contents, permission) => isAllowed(permission))
  own.setDevicePermissionHandler(() => false)
  own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOfThisApp(details.url) }))
  own.on('will-download', (event) => event.preventDefault())
  // Spell checking would fetch its dictionaries.
  own.setSpellCheckerEnabled(false)
}

function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Copying the log is all that the screen needs of the browser's permissions. */
function isAllowed(permission: string): boolean {
  return permission === 'clipboard-sanitized-write'
}

/** The app's own page, and the developer tools, which Chromium brings along. */
function isOfThisApp(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && ((url.protocol === pageOrigin.protocol && url.host === pageOrigin.host) || url.protocol === 'devtools:')
}
