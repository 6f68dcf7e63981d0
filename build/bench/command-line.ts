import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figure, quantile, type Figure } from './figure.ts'

const root = join(import.meta.dirname, '../..')
const rounds = 9

/** What the command line adds before the run starts: from `npm run` to the run's own start instant, beside an empty `npm run`, alternating. */
export async function benchCommandLine(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { empty: `"${process.execPath}" -e 0` } }))
    const empty: number[] = []
    const started: number[] = []
    for (let round = 0; round < rounds; round++) {
      empty.push(await timeEmpty(folder))
      started.push(await timeToStart(join(root, 'shared/samples/test_simple_python.py')))
    }
    const added = quantile(started, 0.5) - quantile(empty, 0.5)
    return [figure('cli.added', added, 'ms', '<= 250', `median of ${rounds}: npm run to the start of the run ${quantile(started, 0.5).toFixed(0)} ms, less an empty npm run ${quantile(empty, 0.5).toFixed(0)} ms`)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timeEmpty(cwd: string): Promise<number> {
  const start = performance.now()
  await once(spawn('npm', ['run', '-s', 'empty'], { cwd, stdio: 'ignore' }), 'close')
  return performance.now() - start
}

/** Wall clock on both sides: the record says when the run started. */
async function timeToStart(script: string): Promise<number> {
  const start = Date.now()
  const child = spawn('npm', ['run', '-s', 'cutoff', '--', 'run', script, '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
  await once(child, 'close')
  return Date.parse((JSON.parse(text) as { startedAt: string }).startedAt) - start
}
