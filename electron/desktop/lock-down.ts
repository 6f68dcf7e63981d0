import { app, session, type Session, type WebContents } from 'electron'
import { pageOrigin } from './app-protocol.ts'

/**
 * Takes the network away from Chromium itself, before it starts: no name and no address is ever resolved, so nothing can be connected
 * to, whichever part of the browser asks (a hint in a page, a guess about the next navigation, a service of its own).
 */
export function cutOffNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
}

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
  // What the page made itself (a report, a log) is saved where the user says: the system's dialog asks. Nothing else is downloaded.
  own.on('will-download', (event, item) => { if (!isMadeByThisPage(item.getURL())) event.preventDefault() })
  // Spell checking would fetch its dictionaries.
  own.setSpellCheckerEnabled(false)
}

function lockContents(contents: WebContents): void {
  // Frames of the developer tools are Chromium's own; no page can name their scheme.
  contents.on('will-frame-navigate', (event) => { if (URL.parse(event.url)?.protocol !== 'devtools:') event.preventDefault() })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // WebRTC sends datagrams without resolving anything: it gets no UDP but through a proxy, and there is none.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  // No page keeps the app from ending.
  contents.on('will-prevent-unload', (event) => event.preventDefault())
}

/** Copying the log is all that the screen needs of the browser's permissions. */
function isAllowed(permission: string): boolean {
  return permission === 'clipboard-sanitized-write'
}

/** The app's own page, and the developer tools, which Chromium brings along. */
function isOfThisApp(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && ((url.protocol === pageOrigin.protocol && url.host === pageOrigin.host) || url.protocol === 'devtools:' || isMadeByThisPage(address))
}

/** A blob of the app's own page: `blob:app://cutoff/...`. */
function isMadeByThisPage(address: string): boolean {
  const url = URL.parse(address)
  const inner = url?.protocol === 'blob:' ? URL.parse(url.pathname) : null
  return inner !== null && inner.protocol === pageOrigin.protocol && inner.host === pageOrigin.host
}
