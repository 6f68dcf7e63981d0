import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { proxyEngines, type ProxyEngine } from '../../../shared/flow/layers.ts'
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

/** Which of these proxies are programs that this machine does not have, each with how to get it. */
export function proxiesNotInstalled(engines: readonly ProxyEngine[] = proxyEngines): { engine: ProxyEngine; hint: string }[] {
  return [...new Set(engines)].flatMap((engine) => (engine === 'builtin' || locate(engine) !== null ? [] : [{ engine, hint: installHintOf(engine) }]))
}

/** Windows has neither: what may lie on its PATH is no program that takes an inherited socket. */
function locate(program: ProxyProgram): string | null {
  return process.platform === 'win32' ? null : findProxyProgram(program)
}

/** Path of the program. Throws FlowError `proxy_missing`. */
export function requireProxyProgram(program: ProxyProgram): string {
  const found = locate(program)
  if (found === null) throw new FlowError('proxy_missing', `${program} is not installed on this machine (looked in PATH and ${usualFolders.slice(0, 3).join(', ')})`, installHintOf(program))
  return found
}
