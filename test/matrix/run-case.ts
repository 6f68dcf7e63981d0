import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import type { RunRecord } from '../../shared/run/record.ts'
import type { MatrixCase } from './case.ts'

const scripts = join(import.meta.dirname, 'scripts')

/** Runs one case through the real flow; the record of the last of its requests. */
export async function runCase(engine: Engine, known: MatrixCase, proxy = known.proxy): Promise<RunRecord> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-matrix-'))
  try {
    const plan = await planOf(known, proxy)
    return await runPlan(engine, known, known.change ? await known.change(plan, folder) : plan)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function planOf(known: MatrixCase, proxy: string | undefined): Promise<RunPlan> {
  return planOfArguments(join(scripts, known.script), {
    input: JSON.stringify(known.input ?? {}),
    limit: Object.entries(known.limits ?? {}).map(([id, value]) => `${id}=${value}`),
    fault: known.faults ?? [],
    ...(proxy === undefined ? {} : { proxy }),
    ...(known.propagateCancel === false ? { propagateCancel: false } : {}),
  })
}

async function runPlan(engine: Engine, known: MatrixCase, plan: RunPlan): Promise<RunRecord> {
  const handles = []
  for (let number = 0; number < (known.together ?? 1); number++) {
    handles.push(await engine.startRun(plan))
    // The first must have its worker before the next one comes.
    if (known.together) await new Promise((resolve) => { setTimeout(resolve, 120) })
  }
  const last = handles.at(-1)
  if (!last) throw new Error('a case runs at least once')
  if (known.stopAfterMs !== undefined) setTimeout(() => last.stop(), known.stopAfterMs)
  const ended = await Promise.all(handles.map((handle) => handle.done))
  const record = ended.at(-1)?.record
  if (!record) throw new Error('the run left no record')
  return record
}
