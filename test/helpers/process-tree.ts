import { execFileSync } from 'node:child_process'

/** Pids of a process and everything below it, by the system's own list. */
export function processTree(pid: number): number[] {
  const rows = processList().trim().split('\n').map((row) => row.trim().split(/\s+/).map(Number))
  const found = new Set([pid])
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const [child, parent] of rows) if (child !== undefined && parent !== undefined && found.has(parent)) found.add(child)
  }
  return [...found]
}

/** Lines of pid and parent's pid. */
function processList(): string {
  if (process.platform !== 'win32') return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return execFileSync('powershell', ['-NoProfile', '-Command', "Get-CimInstance Win32_Process | ForEach-Object { '{0} {1}' -f $_.ProcessId, $_.ParentProcessId }"], { encoding: 'utf8' })
}

/** Is this process there, and more than an entry that its parent has not read yet? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform === 'win32') return true
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim().startsWith('Z')
  } catch {
    return false
  }
}
