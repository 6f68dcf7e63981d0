import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { figure, quantile, type Figure } from './figure.ts'

const rounds = 12
const rates = [100, 200, 1000] as const

/** Each times its own work: what the sampler costs the script, without the flow around it. */
const loads: Record<string, string> = {
  nbody: `
    x, v = 1.0, 0.0
    for _ in range(600000):
        v -= x * 0.001
        x += v * 0.001`,
  json: `
    text = json.dumps({"orders": [{"id": number, "total": number * 1.5, "name": "order %d" % number} for number in range(400)]})
    for _ in range(260):
        json.loads(text)`,
  io: `
    with tempfile.TemporaryFile() as file:
        for _ in range(20000):
            file.write(b"x" * 512)
            file.flush()`,
}
const scriptOf = (body: string) => `import json\nimport tempfile\nimport time\n\n\ndef transform(input_data):\n    start = time.process_time()${body}\n    return {"cpu": time.process_time() - start}\n`

/** Overhead of sampling on CPU time, paired and alternating with runs without it; the null control compares those with themselves. */
export async function benchStacks(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const engine = await createEngine({ history: 'off' })
  try {
    const figures: Figure[] = []
    for (const [name, body] of Object.entries(loads)) {
      const script = join(folder, `${name}.py`)
      await writeFile(script, scriptOf(body))
      const off: number[] = []
      const control: number[] = []
      const on = new Map<number, number[]>(rates.map((rate) => [rate, []]))
      for (let round = 0; round < rounds; round++) {
        off.push((await cpuOf(engine, script, 'off')).cpu)
        control.push((await cpuOf(engine, script, 'off')).cpu)
        for (const rate of rates) on.get(rate)?.push((await cpuOf(engine, script, String(rate))).cpu)
      }
      const percent = (values: readonly number[]) => (quantile(values, 0.5) / quantile(off, 0.5) - 1) * 100
      const noise = Math.abs(percent(control))
      const bounds: Record<number, number> = { 100: 1, 200: 1.5, 1000: 3 }
      figures.push(figure(`stacks.${name}.null`, percent(control), '%', null, `CPU time of the script without sampling against itself, median of ${rounds}: the noise of this machine`))
      for (const rate of rates) figures.push(figure(`stacks.${name}.${rate}Hz`, Math.max(0, percent(on.get(rate) ?? []) - noise), '% above noise', `<= ${bounds[rate]}`, `CPU time of the script at ${rate} Hz against none, median of ${rounds} alternating`))
    }
    figures.push(await samplesGot(engine, folder))
    return figures
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function cpuOf(engine: Engine, script: string, stacks: string): Promise<{ cpu: number }> {
  await engine.warm()
  const { record } = await (await engine.startRun(await planOfArguments(script, { stacks }))).done
  if (record.outcome !== 'completed') throw new Error(`the measured run went wrong: ${record.verdict.headline}`)
  return record.output as { cpu: number }
}

/** At 1 kHz, over 500 ms of a computing script. */
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
