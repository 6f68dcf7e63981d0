import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { figure, quantile, type Figure } from './figure.ts'
import { costAround, type Blocks } from './stack-cost.ts'

const rounds = 9
const bounds = { 100: 1, 200: 1.5, 1000: 3 } as const
const rates = [100, 200, 1000] as const

/** Blocks of work of about a tenth of a millisecond each. */
const loads: Record<string, { before: string; block: string }> = {
  nbody: { before: 'x, v = 1.0, 0.0', block: 'for _ in range(1200):\n            v -= x * 0.001\n            x += v * 0.001' },
  json: { before: 'text = json.dumps({"orders": [{"id": number, "total": number * 1.5, "name": "order %d" % number} for number in range(100)]})', block: 'json.loads(text)' },
  io: { before: 'file = tempfile.TemporaryFile()', block: 'for _ in range(30):\n            file.write(b"x" * 512)\n            file.flush()' },
}

/** Two seconds of blocks. It also tells what its supervisor had of a processor meanwhile. */
const scriptOf = ({ before, block }: { before: string; block: string }) => `import array
import json
import os
import tempfile
import time


def had():
    with open("/proc/%d/schedstat" % os.getppid()) as file:
        return int(file.read().split()[0])


def transform(input_data):
    start = time.monotonic_ns()
    ${before}
    ends = array.array("q")
    supervisor = had()
    until = start + 2_000_000_000
    now = start
    while now < until:
        ${block}
        now = time.monotonic_ns()
        ends.append(now)
    return {"supervisor": had() - supervisor, "ends": [end - start for end in ends]}
`

/**
 * What sampling costs a script, from inside one process: its blocks of work around the samples beside those between samples. The null control
 * asks the same of instants at which nothing was sampled, half a period away; what it finds is the noise.
 */
export async function benchStacks(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const engine = await createEngine({ history: 'off' })
  try {
    const figures: Figure[] = []
    for (const [name, load] of Object.entries(loads)) {
      const script = join(folder, `${name}.py`)
      await writeFile(script, scriptOf(load))
      for (const rate of rates) figures.push(...await costOf(engine, name, script, rate))
    }
    figures.push(await samplesGot(engine, folder))
    return figures
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function costOf(engine: Engine, name: string, script: string, rate: 100 | 200 | 1000): Promise<Figure[]> {
  const runs: Measured[] = []
  for (let round = 0; round < rounds; round++) runs.push(await measuredRun(engine, script, rate))
  const middle = (of: (run: (typeof runs)[number]) => number) => quantile(runs.map(of), 0.5)
  const [cost, noise] = [middle((run) => run.cost), middle((run) => run.noise)]
  const how = `${rounds} runs of 2 s`
  return [
    figure(`stacks.${name}.${rate}Hz.null`, noise, '%', null, `the same of instants half a period away from every sample; ${how}`),
    figure(`stacks.${name}.${rate}Hz`, Math.max(0, cost - Math.abs(noise)), '% above noise', `<= ${bounds[rate]}`, `time of the script that its work took longer around a sample than between samples: ${cost.toFixed(2)} %, less the noise; ${how}`),
    figure(`stacks.${name}.${rate}Hz.supervisor`, middle((run) => run.supervisor), '% of a core', null, 'processor time of the supervisor meanwhile, readings and deadlines included'),
  ]
}

/** Shares in %: what sampling cost the script, what the null control found, the supervisor's part of a processor. */
interface Measured { cost: number; noise: number; supervisor: number }

async function measuredRun(engine: Engine, script: string, rate: number): Promise<Measured> {
  await engine.warm()
  const { record, events } = await (await engine.startRun(await planOfArguments(script, { stacks: String(rate) }))).done
  if (record.outcome !== 'completed') throw new Error(`the measured run went wrong: ${record.verdict.headline}`)
  const told = record.output as { supervisor: number; ends: number[] }
  const startMs = events.find((event) => event.type === 'span_started' && event.name === 'transform')?.atMs ?? 0
  const blocks: Blocks = { startMs, endsMs: told.ends.map((end) => startMs + end / 1e6) }
  const samples = [...new Set(events.flatMap((event) => (event.type === 'stack_samples' ? event.samples.map((sample) => sample.atMs) : [])))].toSorted((one, other) => one - other)
  return {
    cost: costAround(samples, [], blocks),
    noise: costAround(samples.map((atMs) => atMs + 500 / rate), samples, blocks),
    supervisor: (told.supervisor / ((told.ends.at(-1) ?? 1))) * 100,
  }
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
