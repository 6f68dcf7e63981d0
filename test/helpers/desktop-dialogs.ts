import type { DesktopApp } from './desktop-app.ts'

/** What a dialog was asked with. */
export interface AskedBox { message: string; detail: string; buttons: string[] }

/** Answers the system's dialogs of the app from now on, as a person would: nobody is there to press their buttons. */
export function dialogsOf(app: DesktopApp) {
  return {
    /** Chooses this file in every open and save dialog; null: the user thinks better of it. */
    choose: (path: string | null) => app.evaluate(({ dialog }, file) => {
      Object.assign(globalThis, { askedFiles: [] })
      const answer = async (...args: unknown[]) => {
        (globalThis as unknown as { askedFiles: unknown[] }).askedFiles.push(args.at(-1))
        return { canceled: file === null, filePaths: file === null ? [] : [file], filePath: file ?? '' }
      }
      Object.assign(dialog, { showOpenDialog: answer, showSaveDialog: answer })
    }, path),
    /** Options of the file dialogs since the last `choose`. */
    askedFiles: () => app.evaluate(() => (globalThis as unknown as { askedFiles: { title?: string; defaultPath?: string; filters?: { extensions: string[] }[] }[] }).askedFiles),
    /** Presses this button in every message box. */
    press: (response: number) => app.evaluate(({ dialog }, button) => {
      Object.assign(globalThis, { askedBoxes: [] })
      dialog.showMessageBox = (async (...args: unknown[]) => {
        (globalThis as unknown as { askedBoxes: unknown[] }).askedBoxes.push(args.at(-1))
        return { response: button, checkboxChecked: false }
      }) as never
    }, response),
    askedBoxes: () => app.evaluate(() => (globalThis as unknown as { askedBoxes: AskedBox[] }).askedBoxes.map(({ message, detail, buttons }) => ({ message, detail, buttons }))),
  }
}
