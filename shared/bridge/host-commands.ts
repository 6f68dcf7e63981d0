/** What the left pane of the screen shows, in the order of the rail. */
export const paneIds = ['script', 'limits', 'cases', 'system', 'history', 'diagnose'] as const
export type PaneId = (typeof paneIds)[number]

/** Keys of what screen and menu both offer; `Mod` is Cmd on a Mac and Ctrl elsewhere. The screen takes them itself, in every host. */
export const commandKeys = {
  'run.start': 'Mod+Enter', 'run.stop': 'Mod+.', 'palette.open': 'Mod+K', 'script.open': 'Mod+O', 'script.save': 'Mod+S', 'shortcuts.open': '?',
} as const

/** Keys that only a window of our own can have, because browsers keep them: the desktop's menu takes them. */
export const desktopKeys = { 'script.new': 'Mod+N', 'script.saveAs': 'Mod+Shift+S', 'script.close': 'Mod+W', 'run.open': 'Mod+Shift+O' } as const

/** Key of a pane: its number on the rail. */
export function paneKeys(pane: PaneId): string {
  return `Alt+${paneIds.indexOf(pane) + 1}`
}

/** What a host may ask its screen for: `command` pushes carry the name. `pane` comes with the pane, files with their path. */
export type HostCommand = keyof typeof commandKeys | keyof typeof desktopKeys | 'pane' | 'theme'

/** What a screen may ask its host for, where the host has dialogs of the system. The answer comes as a `command` with a path. */
export type HostQuestion = 'script.open' | 'run.open' | 'script.saveAs'
