import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ownMark, removeLeftovers, temporaryFiles } from './leftovers.ts'

/** Largest script that is opened: beyond it no editor is of use. */
const mostScriptBytes = 8 * 1024 ** 2

/**
 * Writes a file so that a crash at any moment leaves either the old or the new text, never half of it:
 * a temporary file beside it, fsync, rename, fsync of the folder. Keeps the permissions of what it replaces.
 */
export async function writeFileSafely(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const mode = await stat(path).then((found) => found.mode & 0o777, () => 0o644)
  const temporary = join(dirname(path), `.${basename(path)}.${ownMark}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(text, 'utf8')
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
  await tidyOnce(dirname(path))
}

const tidied = new Set<string>()

/** A save that was killed leaves its temporary file; the next process that saves there takes it away. */
async function tidyOnce(folder: string): Promise<void> {
  if (tidied.has(folder)) return
  tidied.add(folder)
  await removeLeftovers(folder, temporaryFiles)
}

/** A rename is durable only once its folder is; Windows cannot open folders and does not need to. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try { await folder.sync() } finally { await folder.close() }
}

/** Reads a script for the editor. Rejects with a sentence that says what to do. */
export async function readScriptFile(path: string): Promise<{ path: string; name: string; text: string }> {
  const full = resolve(path)
  const found = await stat(full)
  if (!found.isFile()) throw new Error(`${full} is not a file: open a .py file`)
  if (found.size > mostScriptBytes) throw new Error(`${full} has ${found.size} bytes: more than an editor can show; run it from the command line instead`)
  return { path: full, name: basename(full), text: await readFile(full, 'utf8') }
}
