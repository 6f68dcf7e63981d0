import { existsSync, readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../node_modules/electron')

/** Where Electron's program is; null while its runtime has not been fetched. ELECTRON_OVERRIDE_DIST_PATH names another folder, as for Electron itself. */
export function electronExecutable(env: NodeJS.ProcessEnv = process.env): string | null {
  try {
    const path = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/**
 * Fetches Electron's runtime with Electron's own installer, which shows its progress and checks what it gets against checksums that
 * came with the package. Gives up when nothing at all has arrived within `patienceMs`, or when it fails. Returns the program, or the reason.
 */
export async function fetchElectron(patienceMs: number): Promise<{ ok: true; path: string } | { ok: false; reason: string }> {
  const installer = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'inherit', 'pipe'], env: { ...process.env, ELECTRON_GET_NO_PROGRESS: '' } })
  let said = ''
  let timedOut = false
  const timer = setTimeout(() => { timedOut = true; installer.kill('SIGKILL') }, patienceMs)
  installer.stderr.on('data', (data: Buffer) => {
    said += String(data)
    // The bar of a download under way: from here on only the network's pace counts.
    if (/\d+%/.test(said)) clearTimeout(timer)
  })
  await new Promise<void>((resolve) => { installer.once('close', () => resolve()).once('error', () => resolve()) })
  clearTimeout(timer)
  const path = electronExecutable()
  if (path) return { ok: true, path }
  return { ok: false, reason: timedOut ? `nothing arrived within ${Math.round(patienceMs / 1000)} s` : reasonOf(said) }
}

/** The one line of an installer's complaint that tells why: best one that names the network's own error. */
function reasonOf(said: string): string {
  const lines = said.split('\n').filter((text) => text.trim())
  const cause = /((?:getaddrinfo|connect|read|request) )?(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_\w+)[^\n'",}]*/.exec(said)?.[0]
  const line = cause ?? lines.find((text) => /Error|status/.test(text)) ?? lines[0] ?? 'the download failed'
  const reason = line.trim().replace(/^\w*Error: /, '').slice(0, 160)
  // All that Node says of a network that is not there.
  return reason === 'fetch failed' ? 'the server that has it cannot be reached' : reason
}
