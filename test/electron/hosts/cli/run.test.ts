import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { RunRecord } from '../../../../shared/run/record.ts'
import { cutoff, runJson } from '../../../helpers/cutoff.ts'

const sample = (name: string) => join(import.meta.dirname, '../../../../shared/samples', name)
const stageOrder = ['request_received', 'connector_started', 'script_started', 'script_finished', 'response_returned']

/** Processes that run this script of the samples, whatever started them. */
async function processesOf(script: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(script) && !line.includes('vitest'))
}

describe('cutoff run', () => {
  test('the classic case: a client’s limit far below all others, told with its consequences, and nothing left running', async () => {
    // Python starts cold in this time as well, on a machine that is busy with other tests.
    const { code, record } = await runJson([sample('two_second_delay.py'), '--limit', 'client.total=1500ms'])
    expect(code).toBe(3)
    expect(record.schema).toBe('cutoff.run/1')
    expect(record.outcome).toBe('cut')
    expect(record.verdict).toMatchObject({ cause: 'client.total', layer: 'client', limitId: 'client.total' })
    expect(record.verdict.atMs).toBeGreaterThanOrEqual(1500)
    expect(record.stages.map((stage) => stage.id)).toEqual(stageOrder)
    const reached = record.stages.flatMap((stage) => (stage.atMs === null ? [] : [stage.atMs]))
    expect(reached).toHaveLength(4)
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(record.verdict.consequences.join('\n')).toMatch(/the script was killed by the cancelled context/)
    expect(record.script).toMatchObject({ signal: 'SIGKILL', exitCode: null })
    expect(record.limits.find((limit) => limit.id === 'client.total')).toMatchObject({ value: 1500, unit: 'ms', origin: 'this run', enforced: true, deadlineMs: 1500, fired: true })
    expect(await processesOf(sample('two_second_delay.py'))).toEqual([])
  })

  test.each(['connector.context', 'connector.python', 'wrapper.timeout', 'gateway.handler', 'gateway.write'])('%s=500ms is named', async (limit) => {
    const { code, record } = await runJson([sample('two_second_delay.py'), '--limit', `${limit}=500ms`])
    expect(record.verdict).toMatchObject({ cause: limit, limitId: limit })
    expect(code).toBe(3)
  })

  test('without a limit in the way it completes with the script’s output', async () => {
    const { code, record } = await runJson([sample('two_second_delay.py'), '--input', '{"a": 1}'])
    expect(code).toBe(0)
    expect(record).toMatchObject({ outcome: 'completed', verdict: { cause: 'none' }, output: { status: 'success', input: { a: 1 } }, client: { status: 200, ended: 'fin', error: null } })
    expect(record.stages.every((stage) => stage.atMs !== null)).toBe(true)
  })

  test('the script is handed the very JSON that was typed or stands in a file, in every repeat, and its own numbers are printed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cutoff-numbers-'))
    try {
      const [script, file, saved] = ['repeats.py', 'input.json', 'saved.json'].map((name) => join(folder, name)) as [string, string, string]
      const text = '{"a": [12345678901234567890, 1.0, 1e400], "a": [12345678901234567890, 1.0]}'
      await writeFile(script, 'def transform(input_data):\n    return [repr(input_data), input_data["a"]]\n')
      await writeFile(file, `\uFEFF${text}\n`)
      const output = `"output":["{'a': [12345678901234567890, 1.0]}",[12345678901234567890,1.0]]`
      const typed = await cutoff(['run', script, '--input', text, '--json'])
      expect(typed.stdout).toContain(output)
      expect((JSON.parse(typed.stdout) as RunRecord).plan.inputText).toBe(text)
      expect((await cutoff(['run', script, '--input', text])).stdout).toContain(output.slice('"output":'.length))
      const many = await cutoff(['run', script, '--input', file, '--repeat', '2', '--json', '--save', saved])
      expect(many.stdout.split(output)).toHaveLength(3)
      expect((await cutoff(['show', saved, '--json'])).stdout).toContain(output)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('without cancel propagation the script runs on for nobody', async () => {
    const { record } = await runJson([sample('two_second_delay.py'), '--limit', 'client.total=500ms', '--no-propagate-cancel'])
    expect(record.verdict.cause).toBe('client.total')
    expect(record.script.signal).toBeNull()
    expect(record.script.wallMs).toBeGreaterThan(1900)
  })

  test('what only running can tell is a run with a verdict, exit 1', async () => {
    const { code, record } = await runJson([join(import.meta.dirname, '../../../matrix/scripts/syntax_error.py')])
    expect(code).toBe(1)
    expect(record).toMatchObject({ outcome: 'failed', verdict: { cause: 'script.syntax' } })
    expect(record.verdict.headline).toMatch(/line \d/)
  })

  test('for people: verdict first, stages, deadlines, evidence, no colour codes in a pipe', async () => {
    const { code, stdout } = await cutoff(['run', sample('two_second_delay.py'), '--limit', 'client.total=300ms'])
    expect(code).toBe(3)
    expect(stdout.split('\n')[0]).toMatch(/^Cut {2}The client hung up: the 300 ms limit set on this run fired while/)
    for (const stage of stageOrder) expect(stdout).toContain(stage)
    expect(stdout).toMatch(/\^ client\.total 300 ms fired/)
    expect(stdout).toContain('How we know')
    expect(stdout).not.toContain('\u001b[')
  })

  test('where Python was: rate, method, lines with their text, functions, imports and the last stack; locals only when asked for, and not here', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cutoff-stacks-'))
    try {
      await writeFile(join(folder, 'helper.py'), 'import time\n\n\ndef wait():\n    time.sleep(3)  # in the helper\n')
      await writeFile(join(folder, 'main.py'), 'import sqlite3\nfrom helper import wait\n\n\ndef transform(input_data):\n    secret = "local value"\n    wait()\n    return secret\n')
      const { record } = await runJson([join(folder, 'main.py'), '--stacks', '200', '--locals', '--limit', 'client.total=1200ms'])
      const { stacks } = record
      expect(stacks).toMatchObject({ rate: 200, method: 'external', off: null })
      expect(stacks?.samples).toBeGreaterThan(10)
      expect(stacks?.lines[0]).toMatchObject({ file: join(folder, 'helper.py'), line: 5, function: 'wait', source: '    time.sleep(3)  # in the helper' })
      expect(stacks?.lines.find((line) => line.function === 'transform')?.source).toBe('    wait()')
      expect(stacks?.functions[0]).toMatchObject({ function: 'wait' })
      expect(stacks?.imports.map((found) => found.module)).toContain('sqlite3')
      expect(stacks?.lastStack).toMatchObject({ state: 'sleep', reason: 'cut', ageMs: 0, frames: [{ function: 'wait', line: 5 }, { function: 'transform', line: 7 }] })
      expect(record.script.lastStack).toEqual(stacks?.lastStack?.frames)
      expect(record.verdict.headline).toContain('asleep on line 5 of helper.py')
      expect(JSON.stringify(record)).not.toContain('local value')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('a failure shows its traceback, and stderr only what matters for this run', async () => {
    const { code, stdout, stderr } = await cutoff(['run', join(import.meta.dirname, '../../../matrix/scripts/raises.py')])
    expect(code).toBe(1)
    expect(stdout).toMatch(/Traceback\n {2}Traceback \(most recent call last\):\n[^]*KeyError: 'orders'\n/)
    expect(stderr).not.toContain('warning:')
    expect(stderr).toMatch(/more remarks on the limits of transformation-service: --dry-run tells/)
  })

  test.each([['', undefined], [', also when a launcher passes it on and it comes twice', 2]])('Ctrl+C is the user’s Stop: the verdict is still told%s', async (_, interruptAgainMs) => {
    const folder = await mkdtemp(join(tmpdir(), 'cutoff-stop-'))
    try {
      await writeFile(join(folder, 'main.py'), 'import time\n\n\ndef transform(input_data):\n    open(input_data["here"], "w").close()\n    time.sleep(20)\n')
      const isHere = async (): Promise<void> => { while (!(await readdir(folder)).includes('here')) await sleep(50) }
      const { stdout } = await cutoff(['run', join(folder, 'main.py'), '--input', JSON.stringify({ here: join(folder, 'here') }), '--json'], { interruptWhen: isHere().then(() => sleep(100)), ...(interruptAgainMs === undefined ? {} : { interruptAgainMs }) })
      expect(JSON.parse(stdout)).toMatchObject({ verdict: { cause: 'client.canceled', headline: expect.stringMatching(/^You stopped the run after .*, while your script was/) } })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('--repeat prints the spread; requests that arrive together queue for real', async () => {
    const { code, stdout } = await cutoff(['run', join(import.meta.dirname, '../../../matrix/scripts/sleeps.py'), '--input', '{"seconds": 0.3}', '--repeat', '3', '--concurrency', '1', '--json'])
    const runs = JSON.parse(stdout) as { schema: string; runs: unknown[]; summary: { p50Ms: number; p95Ms: number; maxMs: number; outcomes: Record<string, number>; queueWait: { maxMs: number }; execution: { maxMs: number } } }
    expect(code).toBe(0)
    expect(runs).toMatchObject({ schema: 'cutoff.runs/1', summary: { outcomes: { completed: 3 } } })
    expect(runs.runs).toHaveLength(3)
    expect(runs.summary.queueWait.maxMs).toBeGreaterThan(300)
    expect(runs.summary.maxMs).toBeGreaterThan(runs.summary.execution.maxMs)
  })
})
