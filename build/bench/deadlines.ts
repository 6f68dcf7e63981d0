import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createEngine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { figure, quantile, type Figure } from './figure.ts'
import { startWakeControl } from './wake-control.ts'

const script = join(import.meta.dirname, '../../shared/samples/two_second_delay.py')
const limits = ['client.total', 'client.first_byte', 'proxy.read', 'gateway.handler', 'gateway.worker', 'connector.context', 'connector.python', 'wrapper.timeout', 'platform.duration'] as const
const rounds = 30
/** A machine that wakes a sleeping thread later than this was busy with others: no timer of anybody is on time then. */
const calmMs = 3

/** How late an act was, how late a thread woke that only sleeps, and how long this process's own loop was held up, in one run; ms. */
interface Sample { late: number; thread: number; loop: number }

/**
 * How late each layer acts on its own deadline, for a sleeping script. Never early, by construction. Beside it stand two controls of
 * the same runs: a sleeping thread (the machine's share) and this process's event loop (our share, for the layers that live in it).
 */
export async function benchDeadlines(): Promise<Figure[]> {
  const engine = await createEngine({ history: 'off' })
  const control = startWakeControl()
  const loop = monitorEventLoopDelay({ resolution: 2 })
  loop.enable()
  try {
    const figures: Figure[] = []
    for (const limit of limits) {
      const samples: Sample[] = []
      const plan = await planOfArguments(script, { limit: [`${limit}=200ms`], ...(limit === 'proxy.read' ? { proxy: 'builtin' } : {}) })
      // The first run of an engine loads modules and starts an interpreter cold: `cold-start` measures that.
      await (await engine.startRun(plan)).done
      for (let round = 0; round < rounds; round++) {
        control.latestMs()
        loop.reset()
        const { record } = await (await engine.startRun(plan)).done
        const deadline = record.limits.find((candidate) => candidate.id === limit)?.deadlineMs
        if (record.verdict.cause !== limit || record.verdict.atMs === null || deadline == null) throw new Error(`the measured cut went wrong: ${record.verdict.headline}`)
        samples.push({ late: record.verdict.atMs - deadline, thread: control.latestMs(), loop: loop.max / 1e6 })
      }
      figures.push(figureOf(limit, samples))
    }
    return figures
  } finally {
    loop.disable()
    await control.stop()
    await engine.close()
  }
}

/** Judged are the runs in which the machine itself was on time; all runs are shown beside them. */
function figureOf(limit: string, samples: readonly Sample[]): Figure {
  const calm = samples.filter((sample) => sample.thread <= calmMs)
  const judged = calm.length * 2 >= samples.length ? calm : samples
  const ms = (of: readonly Sample[], read: (sample: Sample) => number, share: number) => quantile(of.map(read), share).toFixed(2)
  const spread = (of: readonly Sample[]) => `p50 ${ms(of, (sample) => sample.late, 0.5)}, p99 ${ms(of, (sample) => sample.late, 0.99)} ms`
  const worst = samples.reduce((latest, sample) => (sample.late > latest.late ? sample : latest))
  const which = judged === calm ? `${calm.length} of ${samples.length} runs in which a sleeping thread woke within ${calmMs} ms` : `all ${samples.length} runs, as a sleeping thread woke within ${calmMs} ms in ${calm.length} only`
  return figure(`deadline.${limit}`, quantile(judged.map((sample) => sample.late), 0.99), 'ms late (p99)', '<= 10',
    `200 ms, ${which}; all runs: ${spread(samples)}, latest ${worst.late.toFixed(2)} ms (in that run the thread woke ${worst.thread.toFixed(2)} ms late, the loop was held up ${worst.loop.toFixed(2)} ms)`)
}
