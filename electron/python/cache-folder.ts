import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Cutoff keeps what it can make again, by the custom of the platform; `CUTOFF_CACHE_DIR` overrides it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['CUTOFF_CACHE_DIR']) return env['CUTOFF_CACHE_DIR']
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Cutoff', 'Cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Cutoff')
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cutoff')
}
