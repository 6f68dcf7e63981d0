import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron'

const scripts: OpenDialogOptions = { title: 'Open a script', properties: ['openFile'], filters: [{ name: 'Python', extensions: ['py', 'pyw'] }, { name: 'All files', extensions: ['*'] }] }
const runs: OpenDialogOptions = { title: 'Open a saved run', properties: ['openFile'], filters: [{ name: 'Saved runs', extensions: ['cutoff', 'json'] }, { name: 'All files', extensions: ['*'] }] }

/** Asks for a file; null where the user thought better of it. */
export async function askForFile(window: BrowserWindow, what: 'script' | 'run'): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, what === 'script' ? scripts : runs)
  return canceled ? null : filePaths[0] ?? null
}
