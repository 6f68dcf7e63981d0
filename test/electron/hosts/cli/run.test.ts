import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cutoff, runJson } from '../../../helpers/cutoff.ts'

const sample = (name: string) => join(import.meta.dirname, '../../../../shared/samples', name)
const stageOrder = ['request_received', 'connector_started', 'script_started', 'script_finished', 'response_returned']

/** Processes that run this script, whatever started them. */
async function processesOf(script: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(script) && !line.includes('vitest'))
}

describe('cutoff run', () => {
  test('the classic case: the client’s 500 ms, told with its consequences, and nothing left running', async () => {
    const { code, record } = await runJson([sample('two_second_delay.py'), '--limit', 'client.total=500ms'])
    expect(code).toBe(3)
    expect(record.schema).toBe('cutoff.run/1')
    expect(record.outcome).toBe('cut')
    expect(record.verdict).toMatchObject({ cause: 'client.total', layer: 'client', limitId: 'client.total' })
    expect(record.verdict.atMs).toBeGreaterThanOrEqual(480)
    expect(record.stages.map((stage) => stage.id)).toEqual(stageOrder)
    const reached = record.stages.flatMap((stage) => (stage.atMs === null ? [] : [stage.atMs]))
    expect(reached).toHaveLength(4)
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(record.verdict.consequences.join('\n')).toMatch(/the script was killed by the cancelled context/)
    expect(record.script).toMatchObject({ signal: 'SIGKILL', exitCode: null })
    expect(record.limits.find((limit) => limit.id === 'client.total')).toMatchObject({ value: 500, unit: 'ms', origin: 'this run', enforced: true, deadlineMs: 500, fired: true })
    expect(await processesOf('two_second_delay')).toEqual([])
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

  test('Ctrl+C is the user’s Stop: the verdict is still told', async () => {
    const { stdout } = await cutoff(['run', sample('two_second_delay.py'), '--json'], { interruptAfterMs: 1200 })
    expect(JSON.parse(stdout)).toMatchObject({ verdict: { cause: 'client.canceled' } })
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
