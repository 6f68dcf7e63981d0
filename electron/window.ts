import { BrowserWindow, screen } from 'electron'
import { join } from 'node:path'
import { pageUrl } from './desktop/app-protocol.ts'
import { askAfterPageCrash } from './desktop/crash-dialogs.ts'
import { leastSize, placeOnDisplays, readWindowState, writeWindowState } from './desktop/window-state.ts'

/** Opens the one window, where it was when it was last closed, and shows it once there is something to see. */
export function openWindow({ stateFile, title, onQuit }: { stateFile: string; title: string; onQuit: () => void }): BrowserWindow {
  const remembered = readWindowState(stateFile)
  const window = new BrowserWindow({
    ...placeOnDisplays(remembered, screen.getAllDisplays().map((display) => display.workArea)),
    minWidth: leastSize.width, minHeight: leastSize.height, title, show: false, backgroundColor: '#00000000',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, sandbox: true,
      webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false, navigateOnDragDrop: false, spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (remembered.maximized) window.maximize()
    window.show()
  })
  window.on('close', () => { void writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }) })
  window.webContents.on('render-process-gone', async (_event, { reason }) => {
    if (reason === 'clean-exit') return
    if (await askAfterPageCrash(window, reason) === 'quit') onQuit()
    else if (!window.isDestroyed()) window.webContents.reload()
  })
  // A window may be closed, or its page may crash, while it loads; the crash has its own dialog.
  window.loadURL(pageUrl).catch(() => undefined)
  return window
}
