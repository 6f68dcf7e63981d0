import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { FieldValue } from '../../shared/run/event.ts'

/** What was found where the script should be. */
export type ScriptFile =
  | { kind: 'file'; bytes: number }
  | { kind: 'directory' }
  | { kind: 'special' }
  /** `operation` and `code` as the system call failed: `stat` ENOENT, `open` EACCES. */
  | { kind: 'failed'; operation: 'stat' | 'open'; code: string }

/** A `check` event's body: the name is the cause if it failed. */
export interface ScriptCheck { name: 'script.not_accessible'; ok: boolean; detail: string; fields: Record<string, FieldValue> }

/** Looks at the script file as the service does before it starts Python. */
export async function checkScriptFile(path: string): Promise<ScriptCheck> {
  return judgeScriptFile(path, await readScriptFile(path))
}

/** Touches the file system only; never throws. */
export async function readScriptFile(path: string): Promise<ScriptFile> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return { kind: 'directory' }
    if (!found.isFile()) return { kind: 'special' }
    await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => { throw Object.assign(error, { syscall: 'open' }) })
    return { kind: 'file', bytes: found.size }
  } catch (error) {
    const { code = 'EIO', syscall } = error as NodeJS.ErrnoException
    return { kind: 'failed', operation: syscall === 'open' ? 'open' : 'stat', code }
  }
}

/** Fields are those of the log line `Script file not accessible`, the error in Go's words. */
export function judgeScriptFile(path: string, file: ScriptFile): ScriptCheck {
  const problem = problemOf(path, file)
  return problem === null
    ? { name: 'script.not_accessible', ok: true, detail: `${path} is readable`, fields: { script_path: path } }
    : { name: 'script.not_accessible', ok: false, detail: problem.detail, fields: { script_path: path, error: problem.error } }
}

const wordsOf: Record<string, string> = {
  ENOENT: 'no such file or directory', ENOTDIR: 'not a directory', EACCES: 'permission denied', EPERM: 'operation not permitted', ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long', EIO: 'input/output error',
}

function problemOf(path: string, file: ScriptFile): { detail: string; error: string } | null {
  switch (file.kind) {
    case 'file': return null
    case 'directory': return { detail: `${path} is a directory`, error: `read ${path}: is a directory` }
    case 'special': return { detail: `${path} is not a regular file`, error: `open ${path}: not a regular file` }
    case 'failed': {
      const words = wordsOf[file.code] ?? file.code
      return { detail: `${path}: ${words}`, error: `${file.operation} ${path}: ${words}` }
    }
  }
}
