import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, posix, win32 } from 'node:path'

/** An installed browser of the Chromium family. */
export interface Browser {
  path: string
  /** How it was found, for people: `CUTOFF_CHROMIUM`, `PATH`, `installed`. */
  from: 'CUTOFF_CHROMIUM' | 'PATH' | 'installed'
}

/** What the search depends on; the machine's own values unless given. */
export interface BrowserSearch {
  env: Record<string, string | undefined>
  platform: NodeJS.Platform
  isExecutable: (path: string) => boolean
}

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge', 'brave-browser']
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser']
const windowsPrograms = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']

/**
 * Finds a Chromium, Chrome, Edge or Brave: the one named by CUTOFF_CHROMIUM, else on PATH, else where its installer puts it.
 * Throws where CUTOFF_CHROMIUM names something that cannot be run: a wish that cannot be met is said, not replaced.
 */
export function findChromium(search: Partial<BrowserSearch> = {}): Browser | null {
  const { env = process.env, platform = process.platform, isExecutable = canExecute } = search
  if (env.CUTOFF_CHROMIUM) {
    if (!isExecutable(env.CUTOFF_CHROMIUM)) throw new Error(`CUTOFF_CHROMIUM names ${env.CUTOFF_CHROMIUM}, which is not a program that can be run. Correct it, or unset it to have one found.`)
    return { path: env.CUTOFF_CHROMIUM, from: 'CUTOFF_CHROMIUM' }
  }
  const onPath = platform === 'win32' ? undefined : commandPaths(env).find(isExecutable)
  if (onPath) return { path: onPath, from: 'PATH' }
  const installed = installedPaths(env, platform).find(isExecutable)
  return installed ? { path: installed, from: 'installed' } : null
}

function commandPaths(env: BrowserSearch['env']): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return commands.flatMap((command) => folders.map((folder) => posix.join(folder, command)))
}

function installedPaths(env: BrowserSearch['env'], platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])]
    return macApps.flatMap((app) => folders.map((folder) => `${folder}/${app}.app/Contents/MacOS/${app}`))
  }
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter((folder) => folder !== undefined)
    return windowsPrograms.flatMap((program) => folders.map((folder) => win32.join(folder, program)))
  }
  return commands.flatMap((command) => ['/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) => `${folder}/${command}`))
}

function canExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
