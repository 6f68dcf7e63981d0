import type { MenuItemConstructorOptions } from 'electron'
import { commandKeys, desktopKeys, paneIds, paneKeys, type HostCommand } from '../../shared/bridge/host-commands.ts'
import { recentLabels } from './recent-list.ts'

/** What the menu can set off. */
export interface MenuActions {
  command(name: HostCommand, value?: string): void
  openScript(): void
  openRun(): void
  openRecent(path: string): void
  clearRecent(): void
  about(): void
}
/** What the menu depends on besides. */
export interface MenuFacts { platform: NodeJS.Platform; appName: string; isPackaged: boolean; recent: readonly string[] }
type Item = MenuItemConstructorOptions

/** The application menu, as each platform has it: on macOS About and Quit stand in the app's own menu, elsewhere in Help and File. */
export function menuTemplate(actions: MenuActions, { platform, appName, isPackaged, recent }: MenuFacts): Item[] {
  const isMac = platform === 'darwin'
  const about: Item = { id: 'about', label: `About ${appName}`, click: actions.about }
  return [
    ...(isMac ? [{ role: 'appMenu', submenu: [about, separator, { role: 'services' }, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, { role: 'quit' }] } satisfies Item] : []),
    { label: '&File', submenu: [...fileItems(actions, recent), separator, isMac ? { role: 'close', accelerator: 'Shift+Cmd+W' } : { role: 'quit' }] },
    { role: 'editMenu' },
    { label: '&Run', submenu: [screenItem(actions, 'run.start', 'Run'), screenItem(actions, 'run.stop', 'Stop')] },
    { label: '&View', submenu: viewItems(actions, isPackaged) },
    isMac ? { role: 'windowMenu' } : { role: 'windowMenu', submenu: [{ role: 'minimize' }, { role: 'close', accelerator: 'Ctrl+Shift+W' }] },
    { role: 'help', label: '&Help', submenu: [{ id: 'shortcuts.open', label: 'Keyboard Shortcuts', click: () => actions.command('shortcuts.open') }, ...(isMac ? [] : [separator, about])] },
  ]
}

function fileItems(actions: MenuActions, recent: readonly string[]): Item[] {
  const labels = recentLabels(recent)
  return [
    menuItem(actions, 'script.new', 'New Script'),
    { ...screenItem(actions, 'script.open', 'Open Script…'), click: actions.openScript },
    { ...menuItem(actions, 'run.open', 'Open Saved Run…'), click: actions.openRun },
    { id: 'recent', label: 'Open Recent', enabled: recent.length > 0, submenu: [
      ...recent.map((path, index): Item => ({ id: `recent.${index}`, label: labels[index] ?? path, toolTip: path, click: () => actions.openRecent(path) })),
      separator, { id: 'recent.clear', label: 'Clear Menu', click: actions.clearRecent },
    ] },
    separator,
    screenItem(actions, 'script.save', 'Save Script'),
    menuItem(actions, 'script.saveAs', 'Save Script As…'),
    separator,
    menuItem(actions, 'script.close', 'Close Script'),
  ]
}

function viewItems(actions: MenuActions, isPackaged: boolean): Item[] {
  return [
    screenItem(actions, 'palette.open', 'Command Palette…'),
    separator,
    ...paneIds.map((pane): Item => ({ id: `pane.${pane}`, label: `${pane[0]?.toUpperCase()}${pane.slice(1)}`, accelerator: toAccelerator(paneKeys(pane)), registerAccelerator: false, click: () => actions.command('pane', pane) })),
    separator,
    { id: 'theme', label: 'Change the Theme', click: () => actions.command('theme') },
    separator,
    // `Ctrl+Plus` needs Shift on most keyboards; people press the key without it.
    { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false }, { role: 'zoomOut' },
    separator, { role: 'togglefullscreen' },
    // For whoever develops Cutoff; a packaged app has no use for them.
    ...(isPackaged ? [] : [separator, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies Item[]),
  ]
}

/** A command whose keys the screen takes by itself, in every host: the menu only tells them. */
function screenItem(actions: MenuActions, command: keyof typeof commandKeys, label: string): Item {
  return { id: command, label, accelerator: toAccelerator(commandKeys[command]), registerAccelerator: false, click: () => actions.command(command) }
}

/** A command whose keys are the menu's. */
function menuItem(actions: MenuActions, command: keyof typeof desktopKeys, label: string): Item {
  return { id: command, label, accelerator: toAccelerator(desktopKeys[command]), click: () => actions.command(command) }
}

function toAccelerator(keys: string): string {
  return keys.replace('Mod', 'CmdOrCtrl')
}

const separator: Item = { type: 'separator' }
