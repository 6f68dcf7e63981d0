import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ownMark, removeLeftovers, temporaryFiles } from './leftovers.ts'

/**
 * Writes a file so that a crash at any moment leaves either the old or the new text, never half of it:
 * a temporary file beside it, fsync, rename, fsync of the folder. Keeps the permissions of what it replaces.
 */
export async function writeFileSafely(path: string, text: string): Promise<void> {
  const mode = await stat(path).then((found) => found.mode & 0o777, () => 0o644)
  const temporary = join(dirname(path), `.${basename(path)}.${ownMark}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(text, 'utf8')
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw toSaveError(path, error)
  }
  await syncFolder(dirname(path))
  await tidyOnce(dirname(path))
}

const diskFull = ['the disk is full', 'Free some space and save again; until then the text is only in this window.'] as const
const notAllowed = ['it may not be written there', "Check the folder's permissions, or save it under another name."] as const
/** What people can do about a file that could not be saved, by the system's code. */
const saveProblems: Readonly<Record<string, readonly [said: string, hint: string]>> = {
  ENOSPC: diskFull, EDQUOT: diskFull, EACCES: notAllowed, EPERM: notAllowed, EROFS: notAllowed,
  READ_ONLY: ['it is read-only', 'Make it writable, or save it under another name.'],
  EFBIG: ['this process may not write files of that size', 'Raise its limit (`ulimit -f`) and start Cutoff again.'],
}

/** What is thrown where a file could not be saved: the path, why, what to do. */
export function toSaveError(path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  const [said, hint] = saveProblems[code] ?? [message, null]
  return Object.assign(new Error(`${path} could not be saved: ${said}`, { cause: error }), { code: 'not_saved', hint, where: path })
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
