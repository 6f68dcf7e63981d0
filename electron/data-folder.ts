import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where Cutoff keeps history and drafts, by the custom of the platform; `CUTOFF_DATA_DIR` overrides it. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.CUTOFF_DATA_DIR) return env.CUTOFF_DATA_DIR
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Cutoff')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Cutoff')
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'cutoff')
}
