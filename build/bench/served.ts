import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** `cutoff serve` in a process of its own with data of its own. */
export interface Served {
  pid: number
  /** The address as it was printed, and how long that took (ms from the start of the process). */
  url: string
  servedMs: number
  /** `performance.now()` at the start of the process. */
  beganMs: number
  close(): Promise<void>
}

export async function startServing(): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const beganMs = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../electron/hosts/cli.js'), 'serve', '--no-open'], { env: { ...process.env, CUTOFF_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const [line] = await Promise.race([once(child.stdout, 'data'), exited.then(([code]) => { throw new Error(`\`cutoff serve\` ended with ${code}`) })]) as [Buffer]
  return {
    pid: child.pid ?? 0, url: String(line).trim(), servedMs: performance.now() - beganMs, beganMs,
    async close() {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}
