/**
 * Runs scripts as a user without rights and prints what came of them, one JSON line each.
 * Arguments: folder with copies of the harness and the scripts, interpreter. Started by root, it gives its rights up once it is loaded.
 */
import { join } from 'node:path'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import type { OsLimits } from '../../../electron/python/script-run.ts'
import type { RunEvent } from '../../../shared/run/event.ts'
import { defaultStacks } from '../../../shared/run/plan.ts'

const nobody = 65534
const [folder = '', python = ''] = process.argv.slice(2)
if (process.getuid?.() === 0) {
  process.setgroups?.([])
  process.setgid?.(nobody)
  process.setuid?.(nobody)
}
const runner = createScriptRunner({ harnessFolder: join(folder, 'harness'), byteCodeFolder: '/nonexistent/cache', env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' } })

async function tell(script: string, input: unknown, os: OsLimits = {}, afterStartMs?: number): Promise<void> {
  const events: RunEvent[] = []
  let printed = ''
  const run = runner.start({
    runId: 'test', scriptPath: join(folder, 'scripts', script), python: { path: python, version: '3' }, inputJson: JSON.stringify(input), os, stacks: defaultStacks,
    deadlines: afterStartMs === undefined ? [] : [{ limitId: 'connector.python', by: 'connector', at: { afterStartMs } }],
  }, {
    emit: (body, atMs) => { const event = { ...body, seq: events.length, atMs: atMs ?? 0 } as RunEvent; events.push(event); return event },
    runMsOf: (ns) => Number(ns) / 1e6,
    output: (_, chunk) => { printed += Buffer.from(chunk).toString() },
  })
  const { ending } = await run.ended
  console.log(JSON.stringify({ uid: process.getuid?.(), ending, printed, events: events.filter(({ type }) => ['stack', 'limit_armed', 'limit_not_enforced', 'process_exited', 'reading', 'script_error'].includes(type)) }))
}

await runner.warm({ path: python, version: '3' })
await tell('sleeps.py', {}, {}, 1000)
await tell('holds_pipes.py', {})
await tell('computes.py', { seconds: 1.5 }, { cpuShareMillicores: 100 })
await tell('uses_limits.py', { how: 'memory', bytes: 1 << 30 }, { addressSpaceBytes: 256 << 20 })
await tell('uses_limits.py', { how: 'limits' }, { memoryBytes: 64 << 20, processes: 4000 })
await runner.close()
