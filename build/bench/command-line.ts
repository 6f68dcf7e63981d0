import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figure, quantile, type Figure } from './figure.ts'

const root = join(import.meta.dirname, '../..')
const rounds = 9

/** What the command line itself adds before a run starts: a refused `run` (all arguments read, nothing run) beside an empty `npm run`. */
export async function benchCommandLine(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { empty: `"${process.execPath}" -e 0` } }))
    const script = join(root, 'shared/samples/test_simple_python.py')
    const empty: number[] = []
    const ours: number[] = []
    for (let round = 0; round < rounds; round++) {
      empty.push(await timed(['run', '-s', 'empty'], folder))
      ours.push(await timed(['run', '-s', 'cutoff', '--', 'run', script, '--json'], root))
    }
    const runs = await runElapsed(script)
    const added = quantile(ours, 0.5) - quantile(empty, 0.5) - runs
    return [figure('cli.added', added, 'ms', '<= 250', `median of ${rounds}: "cutoff run" ${quantile(ours, 0.5).toFixed(0)} ms, less an empty npm run ${quantile(empty, 0.5).toFixed(0)} ms, less the run itself ${runs.toFixed(0)} ms`)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timed(args: string[], cwd: string): Promise<number> {
  const start = performance.now()
  const child = spawn('npm', args, { cwd, stdio: 'ignore' })
  await once(child, 'close')
  return performance.now() - start
}

/** From the plan to the end of the run, as the record tells it. */
async function runElapsed(script: string): Promise<number> {
  const child = spawn('npm', ['run', '-s', 'cutoff', '--', 'run', script, '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
  await once(child, 'close')
  return (JSON.parse(text) as { elapsedMs: number }).elapsedMs
}
