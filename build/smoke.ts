import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `npm run smoke -- PROGRAM`: starts a packaged app with an empty profile, waits until its page has greeted its engine, ends it, and
 * exits 0 when both worked. The page greets last of all: main process, preload, archive, engine process and harness are in order then.
 */
const [program] = process.argv.slice(2)
if (!program || !existsSync(program)) throw new Error(`there is no packaged app at ${program}`)
const patienceMs = 120_000
const folder = mkdtempSync(join(tmpdir(), 'cutoff-smoke-'))
const child = spawn(program, [`--user-data-dir=${join(folder, 'user')}`], { env: { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data') }, stdio: ['ignore', 'pipe', 'inherit'] })
const exited = new Promise<number | null>((resolve) => { child.once('exit', resolve).once('error', () => resolve(null)) })
const ready = new Promise<'ready'>((resolve) => { child.stdout.on('data', (data: Buffer) => { if (String(data).includes('Cutoff is ready.')) resolve('ready') }) })
const late = new Promise<'late'>((resolve) => { setTimeout(() => resolve('late'), patienceMs).unref() })
const outcome = await Promise.race([ready, late, exited.then(() => 'exited' as const)])
child.kill('SIGTERM')
const code = await exited
rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })

/** Windows knows no signal that a program could answer: there it is just ended. */
const endedWell = code === 0 || process.platform === 'win32'
const words = {
  ready: endedWell ? 'the packaged app started, greeted its engine and ended in order' : `the packaged app started and greeted its engine, but ended with ${code}`,
  exited: `the packaged app ended by itself with ${code}`,
  late: `the packaged app did not greet its engine within ${patienceMs / 1000} s`,
}
process.stdout.write(`${words[outcome]}\n`)
process.exitCode = outcome === 'ready' && endedWell ? 0 : 1
