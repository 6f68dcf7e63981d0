import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `node build/smoke.ts PROGRAM`: starts a packaged app with an empty profile, waits until its page has greeted its engine, ends it, and
 * exits 0 when both worked. The page greets last of all: main process, preload, archive, engine process and harness are in order then.
 */
const [program] = process.argv.slice(2)
if (!program || !existsSync(program)) throw new Error(`there is no packaged app at ${program}`)
const folder = mkdtempSync(join(tmpdir(), 'cutoff-smoke-'))
const child = spawn(program, [`--user-data-dir=${join(folder, 'user')}`], { env: { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data') }, stdio: ['ignore', 'pipe', 'inherit'] })
const exited = new Promise<'exited'>((resolve) => { child.once('exit', () => resolve('exited')) })
const ready = new Promise<'ready'>((resolve) => { child.stdout.on('data', (data: Buffer) => { if (String(data).includes('Cutoff is ready.')) resolve('ready') }) })
const late = new Promise<'late'>((resolve) => { setTimeout(() => resolve('late'), 60_000).unref() })
const outcome = await Promise.race([ready, exited, late])
child.kill('SIGTERM')
await exited
rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
process.stdout.write({ ready: 'the packaged app started, greeted its engine and ended\n', exited: `the packaged app ended by itself with ${child.exitCode}\n`, late: 'the packaged app did not greet its engine within a minute\n' }[outcome])
process.exitCode = outcome === 'ready' ? 0 : 1
