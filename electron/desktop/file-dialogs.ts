import { dialog, type BrowserWindow, type FileFilter, type OpenDialogOptions } from 'electron'

const python: FileFilter[] = [{ name: 'Python', extensions: ['py', 'pyw'] }, { name: 'All files', extensions: ['*'] }]
const scripts: OpenDialogOptions = { title: 'Open a script', properties: ['openFile'], filters: python }
const runs: OpenDialogOptions = { title: 'Open a saved run', properties: ['openFile'], filters: [{ name: 'Saved runs', extensions: ['cutoff', 'json'] }, { name: 'All files', extensions: ['*'] }] }

/** Asks for a file; null where the user thought better of it. */
export async function askForFile(window: BrowserWindow, what: 'script' | 'run'): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, what === 'script' ? scripts : runs)
  return canceled ? null : filePaths[0] ?? null
}

/** Asks where a script shall be saved; the system's dialog has asked about a file that is there already. */
export async function askWhereToSave(window: BrowserWindow, suggested: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { title: 'Save the script', defaultPath: suggested, filters: python })
  return canceled || !filePath ? null : filePath
}
