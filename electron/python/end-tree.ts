import { execFile } from 'node:child_process'
import { win32 } from 'node:path'
import { killGroup } from './harness-process.ts'

/** Ends a process that runs, and what it started: its process group, on Windows the tree as `taskkill` knows it. Settles when it has been done. */
export function endTree(pid: number, platform: NodeJS.Platform = process.platform, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (platform !== 'win32') {
    killGroup(pid)
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    execFile(taskkill(env), ['/PID', String(pid), '/T', '/F'], { windowsHide: true, timeout: 5000 }, () => resolve())
  })
}

/**
 * Ends what a process that has ended by itself left behind: its group is still there. On Windows nothing leads from it to its children any
 * more, and its number may be somebody else's by now.
 */
export function endLeftovers(pid: number, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32') killGroup(pid)
}

/** Where it is, whatever PATH says. */
function taskkill(env: NodeJS.ProcessEnv): string {
  return env.SystemRoot ? win32.join(env.SystemRoot, 'System32', 'taskkill.exe') : 'taskkill'
}

/** How many processes are left in the group of a process that has ended; 0 where the platform has no groups. */
export function leftInGroup(pid: number, platform: NodeJS.Platform = process.platform): Promise<number> {
  if (platform === 'win32' || !groupExists(pid)) return Promise.resolve(0)
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pgid=', '-o', 'stat='], { timeout: 2000 }, (error, text) => {
      const inGroup = text.split('\n').filter((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line)).length
      resolve(error ? 1 : inGroup)
    })
  })
}

function groupExists(pid: number): boolean {
  try { return process.kill(-pid, 0) } catch { return false }
}
