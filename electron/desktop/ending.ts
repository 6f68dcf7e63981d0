import { app } from 'electron'
import { openedFileOf, pathOfArgument } from './opened-files.ts'

/** The end of the app, whoever asks for it and whenever: a signal, the last window, the menu, the system. */
export interface Ending {
  /** From the wish to end on. What fails or opens now is no crash and no new start. */
  isUnderWay(): boolean
  /** What has to be closed before the app is gone; from then on nothing else is waited for. */
  closeFirst(close: () => Promise<void>): void
}

/** Takes signals from now on, before the app is ready too. */
export function createEnding(): Ending {
  let underWay = false
  let close: (() => Promise<void>) | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  app.on('before-quit', () => { underWay = true })
  app.on('will-quit', (event) => {
    if (close === null) return
    event.preventDefault()
    const closing = close()
    close = null
    // Not at once: Electron ignores a quit while it is still busy with the one that was just prevented.
    void closing.finally(() => setImmediate(() => app.quit()))
  })
  return { isUnderWay: () => underWay, closeFirst: (act) => { close = act } }
}

/** Starts the app once more when this one is gone, with the arguments of a start that came too late for it. */
export function startAgain(args: readonly string[], folder: string): void {
  const isFile = (arg: string) => !arg.startsWith('-') && openedFileOf(arg) !== null
  // What these two packages unpack themselves into goes with the process; the variables name the packages themselves.
  const execPath = process.env.APPIMAGE ?? process.env.PORTABLE_EXECUTABLE_FILE ?? process.execPath
  app.relaunch({ execPath, args: args.slice(1).map((arg) => isFile(arg) ? pathOfArgument(arg, folder) : arg) })
}
