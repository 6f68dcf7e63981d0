import { statSync } from 'node:fs'
import { basename, extname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file that the user handed to the app, and what the screen shall do with it. */
export type OpenedFile = { command: 'script.open' | 'run.open'; path: string }

/** What a path is to the app by its name: a script, a saved run, or nothing it can open. */
export function openedFileOf(path: string): OpenedFile | null {
  switch (extname(path).toLowerCase()) {
    case '.py': case '.pyw': return { command: 'script.open', path }
    case '.cutoff': return { command: 'run.open', path }
    default: return basename(path).toLowerCase().endsWith('.cutoff.json') ? { command: 'run.open', path } : null
  }
}

/** The files among command-line arguments: `cutoff a.py`, a double click, a second start. Switches and the app itself are left out. */
export function filesOfArguments(args: readonly string[], folder: string): OpenedFile[] {
  return args.slice(1).filter((arg) => !arg.startsWith('-')).flatMap((arg) => openedFileOf(pathOfArgument(arg, folder)) ?? [])
}

/** File managers of Linux hand over addresses (`file:///home/ada/a%20b.py`), people and everybody else paths. */
export function pathOfArgument(arg: string, folder: string): string {
  if (!/^file:/i.test(arg)) return resolve(folder, arg)
  try {
    return fileURLToPath(arg)
  } catch {
    // A file of another machine, say: nothing that could be opened.
    return ''
  }
}

/** A path that came from a page: absolute, of a kind we open, and a file that is there. */
export function checkedDrop(path: unknown): OpenedFile | null {
  if (typeof path !== 'string' || !isAbsolute(path) || path.includes('\0')) return null
  try {
    return statSync(path).isFile() ? openedFileOf(path) : null
  } catch {
    return null
  }
}

/** What a page may ask of the desktop shell; `script.saveAs` comes with the name or path to begin with. */
export type Asked = { what: 'script.open' | 'run.open' } | { what: 'script.saveAs'; value: string }

const mostPathLength = 4096

/** A page's wish for a dialog, checked; null for what is no such wish. */
export function parseAsked(what: unknown, value: unknown): Asked | null {
  switch (what) {
    case 'script.open': case 'run.open': return { what }
    case 'script.saveAs': return typeof value === 'string' && value.length <= mostPathLength && !value.includes('\0') ? { what, value } : null
    default: return null
  }
}
