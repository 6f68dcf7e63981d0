import { app as electronApp, Menu, type MenuItemConstructorOptions } from 'electron'
import { basename } from 'node:path'

/** What the menu can set off. */
export interface MenuActions {
  command(name: 'script.new' | 'script.save' | 'run.start' | 'run.stop' | 'palette.open'): void
  openScript(): void
  openRun(): void
  openRecent(path: string): void
  clearRecent(): void
  about(): void
}

/** Builds and shows the application menu; called again when the list of recent files has changed. */
export function showMenu(actions: MenuActions, recent: readonly string[]): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, recent, process.platform === 'darwin')))
}

function menuTemplate(actions: MenuActions, recent: readonly string[], isMac: boolean): MenuItemConstructorOptions[] {
  const about: MenuItemConstructorOptions = { id: 'about', label: `About ${electronApp.getName()}`, click: actions.about }
  return [
    ...(isMac ? [{ role: 'appMenu' as const, submenu: [about, separator, { role: 'services' as const }, separator, { role: 'hide' as const }, { role: 'hideOthers' as const }, { role: 'unhide' as const }, separator, { role: 'quit' as const }] }] : []),
    { label: '&File', submenu: [
      { id: 'script.new', label: 'New Script', accelerator: 'CmdOrCtrl+N', click: () => actions.command('script.new') },
      { id: 'script.open', label: 'Open Script...', accelerator: 'CmdOrCtrl+O', click: actions.openScript },
      { id: 'run.open', label: 'Open Saved Run...', accelerator: 'CmdOrCtrl+Shift+O', click: actions.openRun },
      { id: 'recent', label: 'Open Recent', enabled: recent.length > 0, submenu: [
        ...recent.map((path, index) => ({ id: `recent.${index}`, label: basename(path), sublabel: path, toolTip: path, click: () => actions.openRecent(path) })),
        separator, { id: 'recent.clear', label: 'Clear Menu', click: actions.clearRecent },
      ] },
      separator,
      { id: 'script.save', label: 'Save Script', accelerator: 'CmdOrCtrl+S', click: () => actions.command('script.save') },
      separator, isMac ? { role: 'close' } : { role: 'quit' },
    ] },
    { role: 'editMenu' },
    { label: '&Run', submenu: [
      { id: 'run.start', label: 'Run', accelerator: 'CmdOrCtrl+Enter', registerAccelerator: false, click: () => actions.command('run.start') },
      { id: 'run.stop', label: 'Stop', accelerator: 'CmdOrCtrl+.', registerAccelerator: false, click: () => actions.command('run.stop') },
    ] },
    { label: '&View', submenu: [
      { id: 'palette.open', label: 'Command Palette...', accelerator: 'CmdOrCtrl+K', registerAccelerator: false, click: () => actions.command('palette.open') },
      separator, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, separator, { role: 'togglefullscreen' },
      // For whoever develops Cutoff; a packaged app has no use for them.
      ...(electronApp.isPackaged ? [] : [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
    ] },
    { role: 'windowMenu' },
    ...(isMac ? [] : [{ label: '&Help', submenu: [about] }]),
  ]
}

const separator: MenuItemConstructorOptions = { type: 'separator' }
