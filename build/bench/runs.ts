import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { figure, quantile, type Figure } from './figure.ts'

const samples = join(import.meta.dirname, '../../shared/samples')
const rounds = 60

/** A full run inside a running engine beside the same resolved interpreter running the bare script, alternating. */
export async function benchRuns(): Promise<Figure[]> {
  const engine = await createEngine({ history: 'off' })
  try {
    const plan = await planOfArguments(join(samples, 'test_simple_python.py'), { stacks: 'off' })
    const { python } = await engine.call('hello', [])
    if (!python) throw new Error('no Python to measure with')
    const bare: number[] = []
    const cold: number[] = []
    const spare: number[] = []
    await timeRun(engine, plan)
    for (let round = 0; round < rounds; round++) {
      bare.push(await timeBare(python.path, plan))
      await engine.dropSpares()
      cold.push(await timeRun(engine, plan))
      await engine.warm()
      spare.push(await timeRun(engine, plan))
    }
    const base = quantile(bare, 0.5)
    const how = `median of ${rounds} alternating runs; the bare script (load it, call transform, print JSON) takes ${base.toFixed(1)} ms`
    return [
      figure('run.cold', quantile(cold, 0.5) / base, 'x bare script', '<= 1.5', `${how}; the full run ${quantile(cold, 0.5).toFixed(1)} ms`),
      figure('run.spare', quantile(spare, 0.5) / base, 'x bare script', '<= 0.5', `${how}; the full run ${quantile(spare, 0.5).toFixed(1)} ms`),
      figure('engine.rest', process.memoryUsage().rss / 1024 ** 2, 'MB', null, 'resident memory of the engine process after these runs'),
    ]
  } finally {
    await engine.close()
  }
}

async function timeRun(engine: Engine, plan: RunPlan): Promise<number> {
  const start = performance.now()
  const run = await engine.startRun(plan)
  const answered = await run.answered
  const elapsed = performance.now() - start
  const { record } = await run.done
  if (record.outcome !== 'completed' || answered === null) throw new Error(`the measured run did not complete: ${record.verdict.headline}`)
  return elapsed
}

/** The same script without any flow around it. */
async function timeBare(python: string, plan: RunPlan): Promise<number> {
  const code = 'import json,sys,runpy; m=runpy.run_path(sys.argv[1]); print(json.dumps(m["transform"](json.loads(sys.argv[2]))))'
  const start = performance.now()
  const child = spawn(python, ['-c', code, plan.script.path ?? '', JSON.stringify(plan.input)], { stdio: ['ignore', 'ignore', 'ignore'] })
  const [exit] = await once(child, 'close') as [number]
  if (exit !== 0) throw new Error(`the bare script failed with ${exit}`)
  return performance.now() - start
}

/**
 * Deadline to verdict and to tree gone, for a sleeping script cut by the connector. The engine is warm, as it is from the second run on:
 * a limit that fires while Python is still starting measures that start. Where it happens all the same (a very busy machine) the round
 * counts for the verdict, and as one without a process that could be gone.
 */
export async function benchCuts(): Promise<Figure[]> {
  const engine = await createEngine({ history: 'off' })
  try {
    const plan = await planOfArguments(join(samples, 'two_second_delay.py'), { limit: ['connector.context=400ms'] })
    const verdicts: number[] = []
    const gone: number[] = []
    for (let round = 0; round < rounds; round++) {
      await engine.warm()
      const { record, events } = await (await engine.startRun(plan)).done
      const deadlineMs = record.limits.find((candidate) => candidate.id === 'connector.context')?.deadlineMs
      if (record.verdict.cause !== 'connector.context' || deadlineMs == null || record.verdict.atMs === null) throw new Error(`the measured cut went wrong: ${record.verdict.cause}, ${record.verdict.headline}`)
      verdicts.push(record.verdict.atMs - deadlineMs)
      const exited = events.find((event) => event.type === 'process_exited')
      if (exited) gone.push(exited.atMs - deadlineMs)
    }
    if (gone.length < rounds * 0.9) throw new Error(`only ${gone.length} of ${rounds} cuts met a script: this machine is too busy to measure one`)
    const how = `connector.context=400ms on a sleeping script, ${rounds} runs`
    const howGone = gone.length === rounds ? how : `${how}; in ${rounds - gone.length} of them Python was still starting, and there was no script to end`
    return [
      figure('cut.verdict.p50', quantile(verdicts, 0.5), 'ms', '<= 5', `deadline to the instant of the verdict, ${how}`),
      figure('cut.verdict.p99', quantile(verdicts, 0.99), 'ms', '<= 15', `deadline to the instant of the verdict, ${how}`),
      figure('cut.gone.p50', quantile(gone, 0.5), 'ms', '<= 5', `deadline to the process tree gone, ${howGone}`),
      figure('cut.gone.p99', quantile(gone, 0.99), 'ms', '<= 15', `deadline to the process tree gone, ${howGone}`),
    ]
  } finally {
    await engine.close()
  }
}
