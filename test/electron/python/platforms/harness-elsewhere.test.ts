import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { machinePython, markedRunner, runText, type Wish } from '../run-script.ts'

/** An interpreter that has only what the platform has (`pretend.py`), for the harness that runs there. */
function interpreterOf(folder: string, platform: string): string {
  const path = join(folder, `python-${platform}`)
  writeFileSync(path, `#!/bin/sh\nexec '${machinePython.path}' '${join(import.meta.dirname, 'pretend.py')}' ${platform} "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

// Where the platform is the real one the other specs run on it; here a POSIX system pretends.
describe.runIf(process.platform !== 'win32').each(['win32', 'darwin'])('the portable harness with no more than %s has', (platform) => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-elsewhere-'))
  const { runner } = markedRunner({ harness: 'cold', stackPatienceMs: 20_000 })
  const python = { ...machinePython, path: interpreterOf(folder, platform) }
  afterAll(async () => {
    await runner.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const run = (text: string, wish: Wish = {}) => runText(runner, text, { python, ...wish })

  test('gives result, output, errors and usage', async () => {
    const ran = await run('import sys\ndef transform(d):\n    print("out")\n    print("err", file=sys.stderr)\n    return d\n', { input: { a: ['ü'] } })
    expect([ran.ending.kind, ran.stdout, ran.stderr]).toEqual(['completed', 'out\n', 'err\n'])
    expect(ran.result()).toEqual({ a: ['ü'] })
    expect(ran.event('process_exited')?.exit).toMatchObject({ exitCode: 0, cpuMs: expect.any(Number) })
    expect((await run('def transform(d):\n    return d["x"]\n')).event('script_error')?.error).toMatchObject({ phase: 'transform', type: 'KeyError', line: 2 })
  })
  test('is cut at its deadline, with the stack of its thread', async () => {
    const ran = await run('import time\ndef transform(d):\n    time.sleep(60)\n', { deadlines: [{ limitId: 'connector.python', by: 'connector', at: { afterStartMs: 1000 } }] })
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python' })
    expect(ran.event('stack')?.method).toBe('thread')
    expect(ran.event('stack')?.frames[0]).toMatchObject({ line: 3, function: 'transform' })
  })
  test('reads nothing from the engine\'s channel as the script\'s input', async () => {
    expect((await run('import sys\ndef transform(d):\n    return sys.stdin.read()\n')).result()).toBe('')
  })
  test('takes samples with the sampler inside of the process', async () => {
    const ran = await run('import time\ndef transform(d):\n    end = time.time() + 0.6\n    while time.time() < end: pass\n    return 1\n', { stacks: { rateHz: 100, locals: false, allocations: false } })
    expect(ran.ending.kind).toBe('completed')
    expect(ran.all('stack_samples').length).toBeGreaterThan(0)
  })
  test('says of each limit whether it holds', async () => {
    const ran = await run('def transform(d):\n    return 1\n', { os: { addressSpaceBytes: 8 * 2 ** 30, openFiles: 50, memoryBytes: 1 << 30 } })
    const armed = ran.all('limit_armed').map(({ limitId }) => limitId)
    const refused = Object.fromEntries(ran.all('limit_not_enforced').map(({ limitId, reason }) => [limitId, reason]))
    expect(armed).toEqual(platform === 'darwin' ? ['os.open_files'] : [])
    expect(Object.keys(refused).toSorted()).toEqual(platform === 'darwin' ? ['os.address_space', 'os.memory'] : ['os.address_space', 'os.memory', 'os.open_files'])
  })
})
