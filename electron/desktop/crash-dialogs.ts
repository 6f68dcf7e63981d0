import { app, dialog, type BrowserWindow } from 'electron'

/** How an engine process ended: its exit code (or signal), and the last lines it wrote. */
export interface EngineCrash { exitCode: number; lastWords: string }

/** Says that a part of the app ended unexpectedly and asks how to go on. The draft on disk is what makes "nothing is lost" true. */
async function askAfterCrash(window: BrowserWindow | null, what: string, reason: string, goOn: string, lastWords = ''): Promise<'go on' | 'quit'> {
  const options = {
    type: 'error' as const, title: 'Cutoff', message: `${what} ended unexpectedly (${reason}).`,
    detail: `What you typed is kept, and so are the runs that had ended. A run under way has been stopped.${lastWords && `\n\n${lastWords}`}`,
    buttons: [goOn, 'Quit'], defaultId: 0, cancelId: 1, noLink: true,
  }
  const { response } = await showOn(window, options)
  return response === 0 ? 'go on' : 'quit'
}

export function askAfterPageCrash(window: BrowserWindow, reason: string): Promise<'go on' | 'quit'> {
  return askAfterCrash(window, 'The window', reason, 'Reload')
}

export function askAfterEngineCrash(window: BrowserWindow | null, { exitCode, lastWords }: EngineCrash): Promise<'go on' | 'quit'> {
  return askAfterCrash(window, 'The engine', `exit code ${exitCode}`, 'Start it again', lastWords)
}

/** The page answers nothing. Goes away by itself, as `wait`, where `answered` is aborted because it does again. */
export async function askWhileHung(window: BrowserWindow, answered: AbortSignal): Promise<'wait' | 'reload'> {
  const { response } = await showOn(window, {
    type: 'warning', title: 'Cutoff', message: 'The window does not respond.',
    detail: 'The engine is not affected: a run under way goes on. After a reload what you typed is there again.',
    buttons: ['Wait', 'Reload'], defaultId: 0, cancelId: 0, noLink: true, signal: answered,
  })
  return response === 1 ? 'reload' : 'wait'
}

/** A dialog that belongs to the window, where one can be seen. */
function showOn(window: BrowserWindow | null, options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
  return window && !window.isDestroyed() && window.isVisible() ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options)
}

/** The app could not be started at all: said where it is seen, on a screen and on a terminal; then it ends. */
export function sayStartFailed(error: unknown): void {
  const reason = error instanceof Error ? error.stack ?? error.message : String(error)
  process.stderr.write(`Cutoff could not start: ${reason}\n`)
  dialog.showErrorBox('Cutoff could not start', reason)
  app.exit(1)
}
