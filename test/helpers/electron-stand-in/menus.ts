import { BrowserWindow } from './windows.ts'

type Click = (item: MenuItem, window: unknown, event: object) => void
interface Template { id?: string; label?: string; role?: string; type?: string; enabled?: boolean; accelerator?: string; registerAccelerator?: boolean; visible?: boolean; click?: Click; submenu?: Template[] }

/** What Electron's roles put into the menu where no label is given; the ones in use. */
const roles: Record<string, string> = {
  appMenu: 'Electron', editMenu: 'Edit', windowMenu: 'Window', quit: 'Quit', close: 'Close Window', minimize: 'Minimize', help: 'Help', resetZoom: 'Actual Size', zoomIn: 'Zoom In', zoomOut: 'Zoom Out',
  togglefullscreen: 'Toggle Full Screen', reload: 'Reload', toggleDevTools: 'Toggle Developer Tools', services: 'Services', hide: 'Hide', hideOthers: 'Hide Others', unhide: 'Show All',
}

class MenuItem {
  readonly id: string
  readonly label: string
  readonly role: string | undefined
  readonly type: string
  readonly enabled: boolean
  readonly accelerator: string | undefined
  readonly submenu: Menu | undefined
  readonly #click: Click | undefined
  constructor(template: Template) {
    if (template.role && !roles[template.role]) throw new Error(`the stand-in does not know the menu role "${template.role}"`)
    this.id = template.id ?? ''
    this.label = template.label ?? roles[template.role ?? ''] ?? ''
    this.role = template.role
    this.type = template.type ?? (template.submenu ? 'submenu' : 'normal')
    this.enabled = template.enabled ?? true
    this.accelerator = template.accelerator
    this.submenu = template.submenu && new Menu(template.submenu)
    this.#click = template.click
  }
  click() { if (this.enabled) this.#click?.(this, BrowserWindow.getFocusedWindow(), {}) }
}

export class Menu {
  static #application: Menu | null = null
  static setApplicationMenu(menu: Menu | null) { Menu.#application = menu }
  static getApplicationMenu() { return Menu.#application }
  static buildFromTemplate(template: Template[]) { return new Menu(template) }
  readonly items: MenuItem[]
  constructor(template: Template[] = []) { this.items = template.map((item) => new MenuItem(item)) }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}
