import { dialog, type BrowserWindow } from 'electron'

/** Says that a part of the app ended unexpectedly and asks how to go on. The draft on disk is what makes "nothing is lost" true. */
async function askAfterCrash(window: BrowserWindow | null, what: string, reason: string, goOn: string): Promise<'go on' | 'quit'> {
  const options = {
    type: 'error' as const, title: 'Cutoff', message: `${what} ended unexpectedly (${reason}).`,
    detail: 'What you typed is kept, and so are the runs that had ended. A run under way has been stopped.',
    buttons: [goOn, 'Quit'], defaultId: 0, cancelId: 1, noLink: true,
  }
  const { response } = window && !window.isDestroyed() ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options)
  return response === 0 ? 'go on' : 'quit'
}

export function askAfterPageCrash(window: BrowserWindow, reason: string): Promise<'go on' | 'quit'> {
  return askAfterCrash(window, 'The window', reason, 'Reload')
}

export function askAfterEngineCrash(window: BrowserWindow | null, exitCode: number): Promise<'go on' | 'quit'> {
  return askAfterCrash(window, 'The engine', `exit code ${exitCode}`, 'Start it again')
}
