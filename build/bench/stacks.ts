import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { figure, quantile, type Figure } from './figure.ts'

const rounds = 15
const bounds = { 100: 1, 200: 1.5, 1000: 3 } as const
const rates = [100, 200, 1000] as const

/** Each times its own work: what the sampler costs the script, without the flow around it. */
const loads: Record<string, string> = {
  nbody: `
    x, v = 1.0, 0.0
    for _ in range(900000):
        v -= x * 0.001
        x += v * 0.001`,
  json: `
    text = json.dumps({"orders": [{"id": number, "total": number * 1.5, "name": "order %d" % number} for number in range(400)]})
    for _ in range(400):
        json.loads(text)`,
  io: `
    with tempfile.TemporaryFile() as file:
        for _ in range(30000):
            file.write(b"x" * 512)
            file.flush()`,
}
const scriptOf = (body: string) => `import json\nimport tempfile\nimport time\n\n\ndef transform(input_data):\n    start = time.process_time()${body}\n    return {"cpu": time.process_time() - start}\n`

/**
 * Overhead of sampling on the script's CPU time. A round runs the same work without, at each rate, and without again. Whatever else the
 * machine does can only add to a run's CPU time, so each rate is told by the mean of its fastest third; the null control does the same with
 * the two sets of runs without sampling, and what it finds between those is the noise.
 */
export async function benchStacks(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const engine = await createEngine({ history: 'off' })
  try {
    const figures: Figure[] = []
    for (const [name, body] of Object.entries(loads)) {
      const script = join(folder, `${name}.py`)
      await writeFile(script, scriptOf(body))
      const settings = ['off', ...rates.map(String), 'control']
      const times = new Map<string, number[]>(settings.map((setting) => [setting, []]))
      for (let round = 0; round < rounds; round++) {
        for (const setting of round % 2 ? settings.toReversed() : settings) times.get(setting)?.push(await cpuOf(engine, script, setting === 'control' ? 'off' : setting))
      }
      const percentOf = (setting: string) => (undisturbed(times.get(setting) ?? []) / undisturbed(times.get('off') ?? []) - 1) * 100
      const noise = Math.abs(percentOf('control'))
      figures.push(figure(`stacks.${name}.null`, percentOf('control'), '%', null, `CPU time of the script without sampling against itself, fastest third of ${rounds}: the noise of this machine`))
      for (const rate of rates) {
        const measured = percentOf(String(rate))
        figures.push(figure(`stacks.${name}.${rate}Hz`, Math.max(0, measured - noise), '% above noise', `<= ${bounds[rate]}`, `CPU time of the script at ${rate} Hz against none, fastest third of ${rounds} alternating: ${measured.toFixed(2)} %, less the noise`))
      }
    }
    figures.push(await samplesGot(engine, folder))
    return figures
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Mean of the fastest third. */
function undisturbed(values: readonly number[]): number {
  const fastest = values.toSorted((one, other) => one - other).slice(0, Math.ceil(values.length / 3))
  return fastest.reduce((sum, value) => sum + value, 0) / fastest.length
}

async function cpuOf(engine: Engine, script: string, stacks: string): Promise<number> {
  await engine.warm()
  const { record } = await (await engine.startRun(await planOfArguments(script, { stacks }))).done
  if (record.outcome !== 'completed') throw new Error(`the measured run went wrong: ${record.verdict.headline}`)
  return (record.output as { cpu: number }).cpu
}

/**
 * Asked for are 500: one each millisecond from the start of `transform` over 500 ms of a computing script. Counted are the different instants
 * at which its main thread was read; what had to be given up, or came while the supervisor waited for a processor, is missing.
 */
async function samplesGot(engine: Engine, folder: string): Promise<Figure> {
  const script = join(folder, 'busy.py')
  await writeFile(script, 'import time\n\n\ndef transform(input_data):\n    until = time.perf_counter() + 0.5\n    while time.perf_counter() < until:\n        pass\n    return {}\n')
  const shares: number[] = []
  for (let round = 0; round < 5; round++) {
    await engine.warm()
    const { events } = await (await engine.startRun(await planOfArguments(script, { stacks: '1000' }))).done
    const span = events.find((event) => event.type === 'span_started' && event.name === 'transform')?.atMs ?? 0
    const samples = events.flatMap((event) => (event.type === 'stack_samples' ? event.samples : [])).filter((sample) => sample.atMs >= span && sample.atMs <= span + 500)
    shares.push((new Set(samples.map((sample) => sample.atMs)).size / 500) * 100)
  }
  return figure('stacks.got', quantile(shares, 0.5), '% of 1 kHz', '>= 90', 'instants sampled during 500 ms of a computing script, median of 5')
}
