import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program that was looked for. `version` is null where it was found but does not say one. */
export interface ToolFacts { name: string; path: string | null; version: string | null }

const tools: { name: string; commands: string[]; version: string[]; folders: string[] }[] = [
  { name: 'nginx', commands: ['nginx'], version: ['-v'], folders: ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'] },
  { name: 'haproxy', commands: ['haproxy'], version: ['-v'], folders: ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'] },
  { name: 'Chromium', commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'], version: [], folders: ['/usr/bin', '/snap/bin'] },
]

/** nginx, HAProxy and a Chromium: where they are and which version. Starts only what answers at once. */
export async function readTools(): Promise<ToolFacts[]> {
  return Promise.all(tools.map(async (tool) => {
    const path = await findProgram(tool.commands, tool.folders)
    if (path === null || tool.version.length === 0) return { name: tool.name, path, version: null }
    const said = await run(path, tool.version, { timeout: 3000 }).then(({ stdout, stderr }) => stdout + stderr, () => '')
    return { name: tool.name, path, version: /(\d+\.\d+(?:\.\d+)?)/.exec(said)?.[1] ?? null }
  }))
}

/** First of the commands that is on PATH or in one of the usual folders (sbin is not on everybody's PATH). */
export async function findProgram(commands: readonly string[], folders: readonly string[]): Promise<string | null> {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders].filter((place) => place !== '')
  for (const command of commands) {
    for (const place of places) {
      const path = join(place, process.platform === 'win32' ? `${command}.exe` : command)
      if (await isProgram(path)) return path
    }
  }
  return null
}

/** A folder may be entered, which the same permission says. */
async function isProgram(path: string): Promise<boolean> {
  const [allowed, found] = await Promise.all([access(path, constants.X_OK).then(() => true, () => false), stat(path).catch(() => null)])
  return allowed && found?.isFile() === true
}
