import { app, BrowserWindow, dialog, ipcMain } from 'electron'
import { join } from 'node:path'
import { app as facts } from './desktop/app-facts.ts'
import { pageOrigin, registerAppScheme, serveApp } from './desktop/app-protocol.ts'
import { askAfterEngineCrash } from './desktop/crash-dialogs.ts'
import { startEngine, type EngineClient } from './desktop/engine-client.ts'
import { askForFile } from './desktop/file-dialogs.ts'
import { lockDown } from './desktop/lock-down.ts'
import { checkedDrop, filesOfArguments, openedFileOf, type OpenedFile } from './desktop/opened-files.ts'
import { createRecentFiles } from './desktop/recent-files.ts'
import { createRunWatch, showNotice } from './desktop/run-notifications.ts'
import { channels } from './hosts/desktop-channels.ts'
import { isOurFrame, serveDesktop } from './hosts/desktop.ts'
import { showMenu } from './menu.ts'
import { openWindow } from './window.ts'

/** The desktop app, step by step. One window, one engine process, one instance. */
app.setName(facts.name)
registerAppScheme()
if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()

function start(): void {
  lockDown()
  serveApp(join(import.meta.dirname, '../out/renderer'))
  const userFile = (name: string) => join(app.getPath('userData'), name)

  let window: BrowserWindow | null = null
  /** Files handed over before a page could take them. */
  const toOpen: OpenedFile[] = filesOfArguments(process.argv.slice(app.isPackaged ? 0 : 1), process.cwd())
  const engine: EngineClient = startEngine(join(import.meta.dirname, 'desktop/engine-process.js'), async (exitCode) => {
    if (await askAfterEngineCrash(window, exitCode) === 'quit') { app.quit(); return }
    engine.restart()
    window?.webContents.reload()
  })
  const isOurs = (event: { senderFrame: { url: string; parent: unknown } | null }) => isOurFrame(event.senderFrame, pageOrigin)
  const send = (channel: string, ...args: unknown[]) => { if (window && !window.webContents.isDestroyed()) window.webContents.send(channel, ...args) }
  const host = serveDesktop({ ipc: ipcMain, engine, isOurs, send, onGreeted: () => greeted() })
  const command = (name: string, value: string | null = null) => host.push({ push: 'command', value: { name, value } })

  const recent = createRecentFiles(userFile('recent-files.json'), () => drawMenu())
  const open = (file: OpenedFile | null) => {
    if (!file) return
    recent.add(file.path)
    // On macOS the app may be without a window; its page takes the file when it has greeted.
    if (window) command(file.command, file.path)
    else toOpen.push(file)
    showWindow()
  }
  const openAsked = async (what: 'script' | 'run') => {
    const path = await askForFile(showWindow(), what)
    if (path !== null) open({ command: what === 'script' ? 'script.open' : 'run.open', path })
  }
  function drawMenu(): void {
    showMenu({
      command, openScript: () => void openAsked('script'), openRun: () => void openAsked('run'), openRecent: (path) => open(openedFileOf(path)),
      clearRecent: () => recent.clear(), about: () => void showAbout(showWindow()),
    }, recent.list())
  }
  function showWindow(): BrowserWindow {
    if (window) {
      if (window.isMinimized()) window.restore()
      window.focus()
      return window
    }
    const opened = openWindow({ stateFile: userFile('window.json'), title: facts.name, onQuit: () => app.quit() })
    opened.on('closed', () => { window = null })
    window = opened
    return opened
  }

  const watchRuns = createRunWatch()
  engine.onPush((push) => {
    const notice = watchRuns(push)
    if (notice && !window?.isFocused()) showNotice(notice, () => showWindow())
  })
  // A page that has greeted can draw, and take commands. The line is for whoever started the app from a terminal, and for the package's own test.
  function greeted(): void {
    process.stdout.write('Cutoff is ready.\n')
    for (const file of toOpen.splice(0)) open(file)
  }
  ipcMain.on(channels.dropped, (event, path) => { if (isOurs(event)) open(checkedDrop(path)) })
  app.on('second-instance', (_event, args, folder) => {
    showWindow()
    for (const file of filesOfArguments(args, folder)) open(file)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(openedFileOf(path))
  })
  app.on('activate', () => showWindow())
  app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit() })
  closeBeforeQuit(engine)
  drawMenu()
  showWindow()
}

/** Lets the engine end every process of its own before the app ends. */
function closeBeforeQuit(engine: EngineClient): void {
  let closed = false
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void engine.close().finally(() => {
      closed = true
      // Not at once: Electron ignores a quit while it is still busy with the one that was just prevented.
      setImmediate(() => app.quit())
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
}

async function showAbout(window: BrowserWindow): Promise<void> {
  const { electron = 'none', chrome = 'none', node } = process.versions
  await dialog.showMessageBox(window, {
    type: 'info', title: `About ${facts.name}`, message: `${facts.name} ${facts.version}`, buttons: ['OK'], noLink: true,
    detail: `Finds what cut your request off.\n\nElectron ${electron}\nChromium ${chrome}\nNode ${node}\n${process.platform} ${process.arch}\n\nMIT License. Works offline; sends nothing anywhere.`,
  })
}
