import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { figure, quantile, type Figure } from './figure.ts'

const lines = 1_000_000
const rounds = 3
/** Large writes: the pipe is what is measured, not Python's print. */
const text = `import sys


def transform(input_data):
    block = "".join("2026-01-01 12:00:00 INFO order %07d handled\\n" % number for number in range(1000))
    for _ in range(${lines / 1000}):
        sys.stdout.write(block)
    sys.stdout.flush()
    return {}
`

/** A million lines of a script through the whole engine, beside the same script's pipe read raw in Node. */
export async function benchFlood(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const engine = await createEngine({ history: 'off' })
  try {
    const script = join(folder, 'flood.py')
    await writeFile(script, text)
    const plan = await planOfArguments(script, { stacks: 'off' })
    const { python } = await engine.call('hello', [])
    if (!python) throw new Error('no Python to measure with')
    const raw: number[] = []
    const through: number[] = []
    const grown: number[] = []
    for (let round = 0; round < rounds; round++) {
      raw.push(await timeRaw(python.path, script))
      const before = process.memoryUsage().rss
      through.push(await timeEngine(engine, plan))
      grown.push(process.memoryUsage().rss - before)
    }
    const how = `${lines.toLocaleString('en')} lines, median of ${rounds} alternating: raw ${quantile(raw, 0.5).toFixed(0)} ms, engine ${quantile(through, 0.5).toFixed(0)} ms, each from start to the last byte`
    return [
      figure('log.engine', quantile(raw, 0.5) / quantile(through, 0.5), 'x raw pipe', '>= 0.5', how),
      figure('log.engine.memory', Math.max(...grown) / 1024 ** 2, 'MB', '<= 100', 'largest growth of the engine’s resident memory over one of these runs'),
    ]
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function timeRaw(python: string, script: string): Promise<number> {
  const start = performance.now()
  const child = spawn(python, ['-c', 'import runpy,sys; runpy.run_path(sys.argv[1])["transform"]({})', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer) => { bytes += chunk.length })
  await once(child, 'close')
  if (bytes < lines) throw new Error(`only ${bytes} bytes came through the raw pipe`)
  return performance.now() - start
}

async function timeEngine(engine: Engine, plan: RunPlan): Promise<number> {
  const start = performance.now()
  const { record } = await (await engine.startRun(plan)).done
  if (record.outcome !== 'completed' || record.log.lines < lines) throw new Error(`the measured run went wrong: ${record.verdict.headline}`)
  return performance.now() - start
}
