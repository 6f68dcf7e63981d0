/**
 * Nobody is there to answer a native dialog: a spec puts its own answer in place first, on real Electron as well.
 * One that nobody expected fails loudly.
 */
const unexpected = (name: string) => async (...args: unknown[]) => {
  process.stderr.write(`stand-in: nobody answers dialog.${name}(${JSON.stringify(args.at(-1))})\n`)
  throw new Error(`nobody answers dialog.${name}`)
}
export const dialog = {
  showErrorBox: (title: string, content: string) => { process.stderr.write(`stand-in: ${title}: ${content}\n`) },
  showOpenDialog: unexpected('showOpenDialog'), showSaveDialog: unexpected('showSaveDialog'), showMessageBox: unexpected('showMessageBox'),
}
