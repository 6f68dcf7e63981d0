import { join } from 'node:path'
import { createEngine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { figure, quantile, type Figure } from './figure.ts'

const script = join(import.meta.dirname, '../../shared/samples/two_second_delay.py')
const limits = ['client.total', 'client.first_byte', 'proxy.read', 'gateway.handler', 'gateway.worker', 'connector.context', 'connector.python', 'wrapper.timeout', 'platform.duration'] as const
const rounds = 20

/** How late each layer acts on its own deadline, for a sleeping script. Never early, by construction. */
export async function benchDeadlines(): Promise<Figure[]> {
  const engine = await createEngine({ history: 'off' })
  try {
    const figures: Figure[] = []
    for (const limit of limits) {
      const late: number[] = []
      const plan = await planOfArguments(script, { limit: [`${limit}=200ms`], ...(limit === 'proxy.read' ? { proxy: 'builtin' } : {}) })
      for (let round = 0; round < rounds; round++) {
        const { record } = await (await engine.startRun(plan)).done
        const deadline = record.limits.find((candidate) => candidate.id === limit)?.deadlineMs
        if (record.verdict.cause !== limit || record.verdict.atMs === null || deadline == null) throw new Error(`the measured cut went wrong: ${record.verdict.headline}`)
        late.push(record.verdict.atMs - deadline)
      }
      figures.push(figure(`deadline.${limit}`, quantile(late, 0.99), 'ms late (p99)', '<= 10', `${rounds} runs at 200 ms; median ${quantile(late, 0.5).toFixed(2)} ms`))
    }
    return figures
  } finally {
    await engine.close()
  }
}
