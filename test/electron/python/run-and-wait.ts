/**
 * A small engine of its own for tests that kill it: starts a script, prints its pid on a line once it runs, and waits.
 * Arguments: supervised|cold, script path, mark (NAME=value), interpreter.
 */
import { createScriptRunner } from '../../../electron/python/runner.ts'
import { defaultStacks } from '../../../shared/run/plan.ts'
import type { RunEvent } from '../../../shared/run/event.ts'

const [harness = 'supervised', scriptPath = '', mark = 'A=b', python = ''] = process.argv.slice(2)
const [name = 'A', value = 'b'] = mark.split('=')
const runner = createScriptRunner({ harness: harness as 'supervised' | 'cold', env: { ...process.env, [name]: value } })
await runner.warm({ path: python, version: '3' })
const run = runner.start({
  runId: 'test', scriptPath, python: { path: python, version: '3' }, inputJson: '{"seconds": 60}', deadlines: [], os: {}, stacks: defaultStacks,
}, {
  emit: (body) => ({ ...body, seq: 0, atMs: 0 }) as RunEvent,
  runMsOf: (ns) => Number(ns) / 1e6,
  output: (_, chunk) => { process.stdout.write(chunk) },
})
const { ending } = await run.ended
console.log(JSON.stringify(ending))
await runner.close()
