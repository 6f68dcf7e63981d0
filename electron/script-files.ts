import { access, constants, readFile, realpath, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { toSaveError, writeFileSafely } from './files.ts'

/** Largest script that is opened: beyond it no editor is of use. */
const mostScriptBytes = 8 * 1024 ** 2

/** Reads a script for the editor, with the line ends of an editor (\n). Rejects with a sentence that says what to do. */
export async function readScriptFile(path: string): Promise<{ path: string; name: string; text: string }> {
  const full = resolve(path)
  const found = await stat(full).catch((error: NodeJS.ErrnoException) => { throw toReadError(full, error) })
  if (!found.isFile()) throw problemOf(full, 'is not a file', 'Open a .py file.')
  if (found.size > mostScriptBytes) throw problemOf(full, `has ${found.size} bytes: more than an editor can show`, 'Run it from the command line instead.')
  const bytes = await readFile(full).catch((error: NodeJS.ErrnoException) => { throw toReadError(full, error) })
  return { path: full, name: basename(full), text: withLineFeeds(textOf(full, bytes)) }
}

/**
 * Saves a script: the file that a link leads to, with the line ends it had. A file that is marked as read-only is left alone; a rename
 * would not ask.
 */
export async function writeScriptFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const found = await stat(target).catch(() => null)
  const before = found?.isFile() && found.size <= mostScriptBytes ? await readFile(target, 'utf8').catch(() => null) : null
  // Root may write everything; the mark is meant for root, too.
  if (found && ((found.mode & 0o222) === 0 || !await access(target, constants.W_OK).then(() => true, () => false))) throw toSaveError(path, Object.assign(new Error('it is read-only'), { code: 'READ_ONLY' }))
  await writeFileSafely(target, before !== null && hasCarriageReturns(before) ? withLineFeeds(text).replaceAll('\n', '\r\n') : text)
}

/** What cannot be read as UTF-8 would come back damaged at the first save. */
function textOf(path: string, bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Said below.
  }
  throw problemOf(path, 'is not text in UTF-8', 'Convert it first, or run it from the command line, which leaves the file as it is.')
}

/** As CodeMirror and Python read them. */
function withLineFeeds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

/** Does a file end its lines as Windows does, all or most of them? */
function hasCarriageReturns(text: string): boolean {
  const both = text.split('\r\n').length - 1
  return both > 0 && both * 2 >= text.split('\n').length - 1
}

const readProblems: Readonly<Record<string, string>> = { ENOENT: 'is not there', ENOTDIR: 'is not there', EACCES: 'may not be read', EPERM: 'may not be read' }

function toReadError(path: string, { code = '', message }: NodeJS.ErrnoException): Error {
  const missing = code === 'ENOENT' || code === 'ENOTDIR'
  return problemOf(path, readProblems[code] ?? `cannot be read: ${message}`, missing ? 'Check the path.' : null, missing ? 'script_not_found' : undefined)
}

function problemOf(path: string, said: string, hint: string | null, code = 'script_unreadable'): Error {
  return Object.assign(new Error(`${path} ${said}.`), { code, hint, where: path })
}
