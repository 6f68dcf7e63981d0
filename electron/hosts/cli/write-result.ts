import { constants } from 'node:fs'
import { access, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { writeFileSafely } from '../../files.ts'

/**
 * Writes a result to a file, all of it or nothing: what stood there before stays where the disk is full. What is no file (a pipe, a
 * device), or lies in a folder that may not be written, is written as it is. Throws the system's error.
 */
export async function writeResult(file: string, text: string): Promise<void> {
  const path = await realpath(file).catch(() => resolve(file))
  const found = await stat(path).catch(() => null)
  const beside = await access(dirname(path), constants.W_OK).then(() => true, () => false)
  if ((found && !found.isFile()) || !beside) return writeFile(path, text)
  await writeFileSafely(path, text).catch((error: Error) => { throw error.cause ?? error })
}

/** Why a file could not be written, for people. */
export function whyNotWritten({ code = '', message }: NodeJS.ErrnoException): string {
  return { ENOENT: 'its folder is not there', EISDIR: 'this is a folder', EACCES: 'you may not write there', EROFS: 'the folder is read-only', ENOSPC: 'the disk is full', EDQUOT: 'the disk is full', ENOTDIR: 'what should be its folder is a file' }[code] ?? message
}
