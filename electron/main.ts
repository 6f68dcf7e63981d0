import { app, BrowserWindow, ipcMain } from 'electron'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { showAbout } from './desktop/about.ts'
import { app as facts } from './desktop/app-facts.ts'
import { pageOrigin, registerAppScheme, serveApp } from './desktop/app-protocol.ts'
import { askAfterEngineCrash, sayStartFailed } from './desktop/crash-dialogs.ts'
import { createEnding, startAgain, type Ending } from './desktop/ending.ts'
import { startEngine, type EngineClient } from './desktop/engine-client.ts'
import { askForFile, askWhereToSave } from './desktop/file-dialogs.ts'
import { createHandover } from './desktop/handover.ts'
import { cutOffNetwork, lockDown } from './desktop/lock-down.ts'
import { checkedDrop, filesOfArguments, openedFileOf, parseAsked, type OpenedFile } from './desktop/opened-files.ts'
import { createRecentFiles } from './desktop/recent-files.ts'
import { createRunWatch, noticeOf, showNotice } from './desktop/run-notifications.ts'
import { channels } from './hosts/desktop-channels.ts'
import { isOurFrame, serveDesktop } from './hosts/desktop.ts'
import { showMenu } from './menu.ts'
import { openWindow } from './window.ts'

/** The desktop app, step by step. One window, one engine process, one instance. */
app.setName(facts.name)
app.setAppUserModelId(facts.id)
registerAppScheme()
cutOffNetwork()
const ending = createEnding()
if (app.requestSingleInstanceLock()) {
  const shell = app.whenReady().then(() => start(ending))
  shell.catch((error: unknown) => sayStartFailed(error))
  // macOS hands over the file that the app is started for before it is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void shell.then(({ open }) => open(openedFileOf(path)))
  })
} else {
  app.quit()
}

function start(end: Ending): { open: (file: OpenedFile | null) => void } {
  lockDown()
  serveApp(join(import.meta.dirname, '../out/renderer'))
  const userFile = (name: string) => join(app.getPath('userData'), name)

  let window: BrowserWindow | null = null
  const engine: EngineClient = startEngine(join(import.meta.dirname, 'desktop/engine-process.js'), async (crash) => {
    if (end.isUnderWay()) return
    const choice = await askAfterEngineCrash(window, crash)
    if (end.isUnderWay()) return
    if (choice === 'quit') { app.quit(); return }
    engine.restart()
    handover.pageWent()
    window?.webContents.reload()
  })
  end.closeFirst(() => engine.close())
  const isOurs = (event: { senderFrame: { url: string; parent: unknown } | null }) => isOurFrame(event.senderFrame, pageOrigin)
  const send = (channel: string, ...args: unknown[]) => { if (window && !window.webContents.isDestroyed()) window.webContents.send(channel, ...args) }
  const host = serveDesktop({ ipc: ipcMain, engine, isOurs, send, onGreeted: () => greeted() })
  const command = (name: string, value: string | null = null) => host.push({ push: 'command', value: { name, value } })

  const handover = createHandover((file) => command(file.command, file.path))
  const recent = createRecentFiles(userFile('recent-files.json'), () => drawMenu())
  const open = (file: OpenedFile | null) => {
    if (!file || end.isUnderWay()) return
    // A file that is gone is said so by the page, which cannot read it; it is not offered again.
    if (existsSync(file.path)) recent.add(file.path)
    else recent.remove(file.path)
    handover.give(file)
    showWindow()
  }
  const openAsked = async (what: 'script' | 'run') => {
    const path = await askForFile(showWindow(), what)
    if (path !== null) open({ command: what === 'script' ? 'script.open' : 'run.open', path })
  }
  const saveAsked = async (suggested: string) => {
    const path = await askWhereToSave(showWindow(), suggested)
    if (path === null) return
    recent.add(path)
    command('script.saveAs', path)
  }
  function drawMenu(): void {
    showMenu({
      // On macOS the menu is there without a window.
      command: (name, value) => { if (window) command(name, value); else showWindow() }, openScript: () => void openAsked('script'), openRun: () => void openAsked('run'), openRecent: (path) => open(openedFileOf(path)),
      clearRecent: () => recent.clear(), about: () => void showAbout(showWindow()),
    }, recent.list())
  }
  function showWindow(): BrowserWindow {
    if (window) {
      if (window.isMinimized()) window.restore()
      window.focus()
      return window
    }
    const opened = openWindow({ stateFile: userFile('window.json'), title: facts.name, end, onQuit: () => app.quit(), onPageGone: () => handover.pageWent() })
    opened.on('closed', () => {
      window = null
      handover.pageWent()
    })
    window = opened
    return opened
  }

  const watchRuns = createRunWatch()
  engine.onPush((push) => {
    const ended = watchRuns(push)
    if (ended && !window?.isFocused()) void noticeOf(ended, engine).then((notice) => showNotice(notice, () => showWindow()))
  })
  // A page that has greeted can draw, and take commands. The line is for whoever started the app from a terminal, and for the package's own test.
  function greeted(): void {
    process.stdout.write('Cutoff is ready.\n')
    handover.pageCame()
  }
  ipcMain.on(channels.dropped, (event, path) => { if (isOurs(event)) open(checkedDrop(path)) })
  ipcMain.on(channels.asked, (event, what, value) => {
    const asked = isOurs(event) ? parseAsked(what, value) : null
    if (asked?.what === 'script.saveAs') void saveAsked(asked.value)
    else if (asked) void openAsked(asked.what === 'script.open' ? 'script' : 'run')
  })
  app.on('second-instance', (_event, args, folder) => {
    // Too late for this one: the next start takes it over.
    if (end.isUnderWay()) { startAgain(args, folder); return }
    showWindow()
    for (const file of filesOfArguments(args, folder)) open(file)
  })
  app.on('activate', () => { if (!end.isUnderWay()) showWindow() })
  app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit() })
  drawMenu()
  showWindow()
  for (const file of filesOfArguments(process.argv.slice(app.isPackaged ? 0 : 1), process.cwd())) open(file)
  return { open }
}
