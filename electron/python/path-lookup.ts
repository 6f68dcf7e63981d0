import { constants } from 'node:fs'
import { access, lstat, readlink, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path'

/** Where a command leads. `problem` continues a sentence that begins with the command. */
export type Located =
  | { kind: 'found'; path: string }
  | { kind: 'refused'; path: string; problem: string }
  | { kind: 'missing'; problem: string }

/** A command as a shell would find it: a path as it stands, a name on PATH. What cannot be executed is passed over, as everywhere. */
export async function lookUp(command: string, env: Record<string, string>, platform: NodeJS.Platform = process.platform): Promise<Located> {
  if (isAbsolute(command) || command.includes('/') || command.includes(sep)) return lookAt(resolve(command), env, platform)
  let refused: Located | null = null
  for (const path of placesOf(command, env, platform)) {
    const located = await look(path, platform)
    if (located.kind === 'found') return located
    if (located.kind === 'refused') refused ??= located
  }
  return refused ?? { kind: 'missing', problem: `no ${command} on PATH` }
}

/** A path as it stands; on Windows `C:\\Python\\python` may mean `python.exe`, as in its terminals. */
async function lookAt(path: string, env: Record<string, string>, platform: NodeJS.Platform): Promise<Located> {
  const asItStands = await look(path, platform)
  if (asItStands.kind === 'found') return asItStands
  for (const ending of endingsOf(path, env, platform)) {
    const located = await look(path + ending, platform)
    if (located.kind === 'found') return located
  }
  return asItStands
}

async function look(path: string, platform: NodeJS.Platform): Promise<Located> {
  if (platform === 'win32' && inStoreFolder.test(path)) return lookAtAlias(path)
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
  const endings = endingsOf(command, env, platform)
  return list.split(delimiter).filter((folder) => folder !== '').flatMap((folder) => endings.map((ending) => join(folder, command + ending)))
}

/** What may be missing at the end of a command: nothing where programs go by their names, or where Windows finds one of its endings already. */
function endingsOf(command: string, env: Record<string, string>, platform: NodeJS.Platform): string[] {
  if (platform !== 'win32') return ['']
  const endings = (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '')
  return endings.some((ending) => command.toUpperCase().endsWith(ending.toUpperCase())) ? ['', ...endings] : endings
}

const inStoreFolder = /[\\/]WindowsApps[\\/]/i
/** The program behind the aliases that Windows ships: it opens the shop instead of running anything. */
const shopOpener = /AppInstallerPythonRedirector/i

/**
 * An app execution alias of Windows, which only its own link can be asked about: it has no size, and to follow it is denied even where it
 * can be started. One that leads to a Python from the store is as good as a program.
 */
async function lookAtAlias(path: string): Promise<Located> {
  const target = await readlink(path).catch((error: NodeJS.ErrnoException) => error)
  if (typeof target === 'string') return shopOpener.test(target) ? { kind: 'missing', problem: `${path} only opens the Microsoft Store` } : { kind: 'found', path }
  // No link at all: a program that somebody put there, or nothing.
  const found = await lstat(path).catch(() => null)
  return found?.isFile() && found.size > 0 ? { kind: 'found', path } : { kind: 'missing', problem: `${path} does not exist` }
}
