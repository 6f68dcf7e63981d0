import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the Python files. Python cannot read inside Electron's archive: they are unpacked beside it. */
export function defaultHarnessFolder(here: string = dirname(fileURLToPath(import.meta.url))): string {
  return join(here.replace(/([\\/])app\.asar(?=[\\/])/, '$1app.asar.unpacked'), 'harness')
}
