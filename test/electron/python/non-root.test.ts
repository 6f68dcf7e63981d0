import { execFile } from 'node:child_process'
import { chmod, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { findInterpreter } from '../../../electron/python/interpreters.ts'
import type { ScriptEnding } from '../../../electron/python/script-run.ts'
import type { RunEvent } from '../../../shared/run/event.ts'
import { fixture, inFolder, machinePython } from './run-script.ts'

interface Told { uid: number; ending: ScriptEnding; printed: string; events: RunEvent[] }

/** Root's own interpreter may lie where nobody else can reach it. */
const system = await findInterpreter({ python: '/usr/bin/python3', scriptPath: null })
const python = system.ok ? system.path : machinePython.path
const source = join(import.meta.dirname, '../../../electron/python/harness')

async function runAll(): Promise<Told[]> {
  return inFolder(async (folder) => {
    await chmod(folder, 0o755)
    await cp(source, join(folder, 'harness'), { recursive: true, filter: (path) => !path.includes('__pycache__') })
    await cp(fixture('.'), join(folder, 'scripts'), { recursive: true, filter: (path) => !path.includes('__pycache__') })
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'run-as-nobody.ts'), folder, python], { maxBuffer: 1 << 26 })
    return stdout.trim().split('\n').map((line) => JSON.parse(line) as Told)
  })
}

test('everything works for a user without rights, cache or home', async () => {
  const [cut, helpers, share, memory, limits] = await runAll()
  const of = <T extends RunEvent['type']>(told: Told | undefined, type: T): Extract<RunEvent, { type: T }>[] => (told?.events.filter((event) => event.type === type) ?? []) as Extract<RunEvent, { type: T }>[]
  expect(cut?.uid).not.toBe(0)
  expect(cut?.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python' })
  expect(of(cut, 'stack')[0]?.frames.map((frame) => frame.function)).toEqual(['wait', 'transform'])
  expect([helpers?.ending.kind, of(helpers, 'process_exited')[0]?.leftovers]).toEqual(['completed', 4])
  // Without a writable control group the supervisor holds the share itself.
  expect(of(share, 'limit_armed').map(({ limitId }) => limitId)).toContain('os.cpu_share')
  const { cpuMs, wallMs } = of(share, 'process_exited')[0]!.exit
  expect((cpuMs ?? 0) / wallMs).toBeLessThan(0.25)
  expect(of(share, 'reading').at(-1)?.throttledMs).toBeGreaterThan(100)
  expect(of(memory, 'script_error')[0]?.error.type).toBe('MemoryError')
  const told = [...of(limits, 'limit_armed'), ...of(limits, 'limit_not_enforced')].map(({ limitId }) => limitId)
  expect(told.toSorted()).toEqual(['os.memory', 'os.processes'])
  expect(limits?.ending.kind).toBe('completed')
})
