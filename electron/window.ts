import { BrowserWindow, nativeTheme, screen } from 'electron'
import { join } from 'node:path'
import { pageUrl } from './desktop/app-protocol.ts'
import { askAfterPageCrash, askWhileHung } from './desktop/crash-dialogs.ts'
import type { Ending } from './desktop/ending.ts'
import { leastSize, placeOnDisplays, readWindowState, writeWindowState } from './desktop/window-state.ts'

/** Moving a window tells of every step; its place is kept when it has rested for so long (ms). */
const restMs = 500

export interface WindowOptions {
  stateFile: string
  title: string
  end: Ending
  onQuit: () => void
  /** The page went, or another one was loaded in its place. */
  onPageGone: () => void
}

/** Opens the one window, where it was when it was last seen, and shows it once there is something to see. */
export function openWindow({ stateFile, title, end, onQuit, onPageGone }: WindowOptions): BrowserWindow {
  const remembered = readWindowState(stateFile)
  const window = new BrowserWindow({
    ...placeOnDisplays(remembered, screen.getAllDisplays().map((display) => display.workArea)),
    minWidth: leastSize.width, minHeight: leastSize.height, title, show: false, backgroundColor: backgroundNow(), fullscreen: remembered.fullScreen,
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
  keepState(window, stateFile)
  followTheme(window)
  watchPage(window, { end, onQuit, onPageGone })
  // A window may be closed, or its page may crash, while it loads; the crash has its own dialog.
  window.loadURL(pageUrl).catch(() => undefined)
  return window
}

/** Keeps where the window is: when it rests, and when it closes. A crash in between takes nothing. */
function keepState(window: BrowserWindow, stateFile: string): void {
  let timer: NodeJS.Timeout | undefined
  const keep = () => {
    clearTimeout(timer)
    if (!window.isDestroyed()) writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized(), fullScreen: window.isFullScreen() })
  }
  const keepSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(keep, restMs)
  }
  // Named one by one: each event is a signature of its own in Electron's types.
  window.on('resize', keepSoon).on('move', keepSoon).on('maximize', keepSoon).on('unmaximize', keepSoon).on('enter-full-screen', keepSoon).on('leave-full-screen', keepSoon)
  window.on('close', keep).on('closed', () => clearTimeout(timer))
}

/**
 * A page that crashed can be loaded again. One that answers nothing for long (Electron says when) can be waited for or loaded again;
 * that question goes when it answers.
 */
function watchPage(window: BrowserWindow, { end, onQuit, onPageGone }: Pick<WindowOptions, 'end' | 'onQuit' | 'onPageGone'>): void {
  const { webContents } = window
  let isEndedByUs = false
  webContents.on('did-navigate', onPageGone)
  webContents.on('render-process-gone', async (_event, { reason }) => {
    onPageGone()
    if (isEndedByUs || reason === 'clean-exit' || end.isUnderWay()) return
    const choice = await askAfterPageCrash(window, reason)
    if (end.isUnderWay()) return
    if (choice === 'quit') onQuit()
    else if (!window.isDestroyed()) webContents.reload()
  })
  window.on('unresponsive', async () => {
    const answered = new AbortController()
    window.once('responsive', () => answered.abort())
    if (await askWhileHung(window, answered.signal) === 'wait' || window.isDestroyed()) return
    isEndedByUs = true
    webContents.once('did-navigate', () => { isEndedByUs = false })
    webContents.forcefullyCrashRenderer()
    webContents.reload()
  })
}

/** What is seen before the page is drawn, and beside it while the window grows: the screen's own background (`--bg-app` in `renderer/styles/tokens.css`). */
function backgroundNow(): string {
  return nativeTheme.shouldUseDarkColors ? '#0c0e10' : '#eef0f3'
}

function followTheme(window: BrowserWindow): void {
  const follow = () => window.setBackgroundColor(backgroundNow())
  nativeTheme.on('updated', follow)
  window.once('closed', () => nativeTheme.off('updated', follow))
}
