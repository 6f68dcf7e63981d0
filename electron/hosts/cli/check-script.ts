import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { UsageError } from './usage-error.ts'

/** What the command line itself can refuse of a script: missing, a directory, unreadable, empty. */
export async function checkScript(argument: string): Promise<{ path: string; name: string }> {
  const path = resolve(argument)
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error) {
    if (found.code === 'EACCES') throw new UsageError('script_unreadable', `the script cannot be reached: ${argument}`, { where: path, hint: 'check the permissions of its folder' })
    throw new UsageError('script_not_found', `no such script: ${argument}`, { where: path, hint: 'check the path; it is relative to the current folder' })
  }
  if (found.isDirectory()) throw new UsageError('script_is_directory', `the script is a directory: ${argument}`, { where: path, hint: 'name the .py file in it' })
  if (!found.isFile()) throw new UsageError('script_not_a_file', `the script is not a regular file: ${argument}`, { where: path, hint: 'name a .py file' })
  await access(path, constants.R_OK).catch(() => {
    throw new UsageError('script_unreadable', `the script cannot be read: ${argument}`, { where: path, hint: `check its permissions: chmod u+r ${argument}` })
  })
  if (found.size === 0 || (found.size < 65536 && (await readFile(path, 'latin1')).trim() === '')) {
    throw new UsageError('script_empty', `the script is empty: ${argument}`, { where: path, hint: 'write def transform(input_data): into it' })
  }
  return { path, name: basename(path) }
}
