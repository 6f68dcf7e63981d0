import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { FlowError } from '../flow-error.ts'

/** A proxy that is a program of its own. */
export type ProxyProgram = 'nginx' | 'haproxy'

/** Daemons live where a user's PATH often does not look. */
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin', '/usr/local/nginx/sbin']

/** Path of the installed program; null when there is none. */
export function findProxyProgram(program: ProxyProgram, path = process.env.PATH ?? ''): string | null {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...usualFolders]
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** How to get it, per platform, as one command or sentence. */
export function installHintOf(program: ProxyProgram, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return `brew install ${program}`
  if (platform === 'win32') return `${program} cannot be used on Windows: use --proxy builtin, or run in WSL`
  return `sudo apt-get install --no-install-recommends ${program === 'nginx' ? 'nginx-light' : 'haproxy'} (Debian, Ubuntu), sudo dnf install ${program} (Fedora), apk add ${program} (Alpine); or use --proxy builtin`
}

/** Path of the program. Throws FlowError `proxy_missing`. */
export function requireProxyProgram(program: ProxyProgram): string {
  const found = process.platform === 'win32' ? null : findProxyProgram(program)
  if (found === null) throw new FlowError('proxy_missing', `${program} is not installed on this machine (looked in PATH and ${usualFolders.slice(0, 3).join(', ')})`, installHintOf(program))
  return found
}
