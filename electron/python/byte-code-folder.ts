import { statSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'

/**
 * Where Python keeps the harness's byte code; null = nowhere. Python recognises outdated byte code by time and size of the source, which
 * installers set to the same time for every version: the time of installation (ctime) is therefore part of the name. An AppImage is mounted at
 * another place every time, so nothing kept for it would ever be found again.
 */
export function byteCodeFolder(harnessFolder: string, env: NodeJS.ProcessEnv = process.env): string | null {
  if (env['APPDIR'] && harnessFolder.startsWith(env['APPDIR'])) return null
  const installed = statSync(join(harnessFolder, 'start.py'), { throwIfNoEntry: false })
  return installed ? join(cacheFolder(env), `harness-${Math.round(installed.ctimeMs).toString(36)}`) : null
}
