import { constants } from 'node:fs'
import { access, lstat, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path'

/** Where a command leads. `problem` continues a sentence that begins with the command. */
export type Located =
  | { kind: 'found'; path: string }
  | { kind: 'refused'; path: string; problem: string }
  | { kind: 'missing'; problem: string }

/** A command as a shell would find it: a path as it stands, a name on PATH. What cannot be executed is passed over, as everywhere. */
export async function lookUp(command: string, env: Record<string, string>, platform: NodeJS.Platform = process.platform): Promise<Located> {
  if (isAbsolute(command) || command.includes('/') || command.includes(sep)) return look(resolve(command), platform)
  let refused: Located | null = null
  for (const path of placesOf(command, env, platform)) {
    const located = await look(path, platform)
    if (located.kind === 'found' && !(await isStoreStub(path, platform))) return located
    if (located.kind === 'refused') refused ??= located
  }
  return refused ?? { kind: 'missing', problem: `no ${command} on PATH` }
}

async function look(path: string, platform: NodeJS.Platform): Promise<Located> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error) {
    if (found.code === 'EACCES') return { kind: 'refused', path, problem: 'cannot be reached: permission denied' }
    const dangling = await lstat(path).then((link) => link.isSymbolicLink(), () => false)
    return { kind: 'missing', problem: dangling ? `${path} points to a program that no longer exists` : `${path} does not exist` }
  }
  if (found.isDirectory()) return { kind: 'refused', path, problem: 'is a directory' }
  if (!found.isFile()) return { kind: 'refused', path, problem: 'is not a program' }
  const executable = platform === 'win32' || (await access(path, constants.X_OK).then(() => true, () => false))
  return executable ? { kind: 'found', path } : { kind: 'refused', path, problem: 'is not executable' }
}

function placesOf(command: string, env: Record<string, string>, platform: NodeJS.Platform): string[] {
  const list = Object.entries(env).find(([name]) => (platform === 'win32' ? name.toUpperCase() : name) === 'PATH')?.[1] ?? ''
  const endings = platform === 'win32' ? (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';') : ['']
  return list.split(delimiter).filter((folder) => folder !== '').flatMap((folder) => endings.map((ending) => join(folder, command + ending)))
}

/** Windows puts empty `python.exe` files on PATH that open its shop instead of running anything. */
async function isStoreStub(path: string, platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'win32' || !/\\WindowsApps\\/i.test(path)) return false
  return (await lstat(path).catch(() => null))?.size === 0
}
