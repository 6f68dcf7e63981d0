import { app, Menu } from 'electron'
import { menuTemplate, type MenuActions } from './desktop/menu-template.ts'

/** Builds and shows the application menu; called again when the list of recent files has changed. */
export function showMenu(actions: MenuActions, recent: readonly string[]): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, { platform: process.platform, appName: app.getName(), isPackaged: app.isPackaged, recent })))
}
