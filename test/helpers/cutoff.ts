import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { RunRecord } from '../../shared/run/record.ts'

const entry = join(import.meta.dirname, '../../electron/hosts/cli.js')

/** What one call of the command line left behind. */
export interface CliResult { code: number | null; stdout: string; stderr: string }

/** Runs the command line as a user would, in a process of its own. `interruptAfterMs` and `interruptWhen` send SIGINT then, `interruptAgainMs` after that once more. */
export function cutoff(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string; interruptAfterMs?: number; interruptWhen?: Promise<unknown>; interruptAgainMs?: number; uid?: number } = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: options.cwd, env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'], ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }) })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(options.input ?? '')
    if (options.interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), options.interruptAfterMs)
    void options.interruptWhen?.then(() => {
      child.kill('SIGINT')
      if (options.interruptAgainMs !== undefined) setTimeout(() => child.kill('SIGINT'), options.interruptAgainMs)
    })
  })
}

/** `run ... --json`, parsed. */
export async function runJson(args: readonly string[], options?: Parameters<typeof cutoff>[1]): Promise<{ code: number | null; record: RunRecord; stderr: string }> {
  const { code, stdout, stderr } = await cutoff(['run', ...args, '--json'], options)
  return { code, record: JSON.parse(stdout) as RunRecord, stderr }
}
