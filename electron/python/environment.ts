import { delimiter } from 'node:path'

/**
 * Variables the script must not inherit, because they describe how Cutoff was started and not the user's system, or because they
 * change how Python treats its output:
 *   npm_*, INIT_CWD, NODE*      set by npm run and Node (NODE_ENV is the user's and stays)
 *   ELECTRON_*, CHROME_*, APPDIR, APPIMAGE, ARGV0, OWD    set by the desktop shell and its package
 *   CUTOFF_*, VITEST*           our own, and our tests'
 *   PYTHONUNBUFFERED            makes print eight times slower; the wrapper buffers by line instead
 *   PYTHONINSPECT, PYTHONFAULTHANDLER, PYTHONPROFILEIMPORTTIME, PYTHONVERBOSE, PYTHONDEBUG    would mix their output with the script's, or keep Python open
 * Everything else stays, PYTHONPATH, PYTHONHOME and LD_* included: the script shall see what it sees in the user's terminal.
 */
const removed = /^(npm_.*|INIT_CWD|NODE(?!_ENV$).*|ELECTRON_.*|CHROME_.*|APPDIR|APPIMAGE|ARGV0|OWD|CUTOFF_.*|VITEST.*|PYTHON(UNBUFFERED|INSPECT|FAULTHANDLER|PROFILEIMPORTTIME|VERBOSE|DEBUG))$/

/** The environment of the script, from ours. Paths into an AppImage's mount, and those npm puts in front of PATH, are taken out of lists. */
export function environmentOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Record<string, string> {
  const kept: Record<string, string> = {}
  const image = env['APPDIR']
  const underNpm = env['npm_config_user_agent'] !== undefined || env['npm_lifecycle_event'] !== undefined
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || removed.test(name)) continue
    kept[name] = isPathList(name) ? withoutOurs(value, image, underNpm && name.toUpperCase() === 'PATH') : value
  }
  // Windows would print in the console's code page.
  if (platform === 'win32') kept['PYTHONIOENCODING'] ??= 'utf-8'
  return kept
}

function isPathList(name: string): boolean {
  return /^(PATH|LD_LIBRARY_PATH|XDG_DATA_DIRS|PYTHONPATH|GSETTINGS_SCHEMA_DIR)$/i.test(name)
}

function withoutOurs(list: string, image: string | undefined, underNpm: boolean): string {
  const ours = (entry: string): boolean =>
    (image !== undefined && image !== '' && entry.startsWith(image)) || (underNpm && /[\\/]node_modules[\\/](\.bin|npm[\\/])|node-gyp-bin$/.test(entry))
  return list.split(delimiter).filter((entry) => !ours(entry)).join(delimiter)
}
