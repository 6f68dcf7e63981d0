import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const electron = join(import.meta.dirname, '../../electron')

/** A small file system of its own can be mounted by root, in a mount namespace that ends with the process. */
function canMount(): boolean {
  return spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0
}

describe.runIf(canMount())('on a disk without space', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-full-'))
  const disk = join(folder, 'disk')
  let report: Record<string, unknown> = {}
  beforeAll(() => {
    mkdirSync(disk)
    writeFileSync(join(folder, 'talks.py'), 'def transform(input_data):\n    for number in range(100000):\n        print("line", number)\n    return {"done": True}\n')
    writeFileSync(join(folder, 'use.ts'), `
      import { rmSync, writeFileSync } from 'node:fs'
      import { join } from 'node:path'
      import { createEngine } from ${JSON.stringify(join(electron, 'engine.ts'))}
      import { planOfArguments } from ${JSON.stringify(join(electron, 'hosts/cli/plan-args.ts'))}
      const disk = ${JSON.stringify(disk)}
      const engine = await createEngine({ history: 'on', dataDir: join(disk, 'data') })
      const plan = await planOfArguments(${JSON.stringify(join(folder, 'talks.py'))}, {})
      const draft = (scriptText) => ({ scriptPath: null, scriptName: 'a.py', scriptText, inputText: '{}', limits: {}, profile: 'transformation-service' })
      const problemOf = (promise) => promise.then(() => null, ({ code, message, hint }) => ({ code, message, hint }))
      const runOnce = async () => {
        const { record } = await (await engine.startRun(plan)).done
        return { outcome: record.outcome, cause: record.verdict.cause, lines: record.log.lines }
      }
      await engine.call('saveDraft', [draft('first')])
      await engine.call('historyList', [{}])
      const report = { before: await runOnce() }
      while ((await engine.call('historyList', [{}])).total < 1) await new Promise((resolve) => setTimeout(resolve, 20))
      try { for (let size = 2 ** 20; size >= 1; size = size / 2 | 0) for (;;) writeFileSync(join(disk, 'filler' + size + '-' + Math.random()), Buffer.alloc(size)) } catch {}
      for (let size = 2 ** 19; size >= 1; size >>= 1) try { for (;;) writeFileSync(join(disk, 'filler'), Buffer.alloc(size), { flag: 'a' }) } catch {}
      report.draft = await problemOf(engine.call('saveDraft', [draft('second'.repeat(10000))]))
      report.kept = (await engine.call('loadDraft', [])).scriptText
      report.file = await problemOf(engine.call('writeScript', [join(disk, 'script.py'), 'x'.repeat(50000)]))
      report.full = await runOnce()
      for (let tries = 0; tries < 100; tries++) {
        report.state = (await engine.call('historyState', [])).state
        if (report.state.notice) break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      report.list = (await engine.call('historyList', [{}])).total
      console.log(JSON.stringify(report))
      await engine.close()`)
    const script = `mount -t tmpfs -o size=6m none ${disk} && exec env TMPDIR=${disk} "$0" --disable-warning=ExperimentalWarning ${join(folder, 'use.ts')}`
    report = JSON.parse(execFileSync('unshare', ['-m', 'sh', '-c', script, process.execPath], { encoding: 'utf8', timeout: 60_000 })) as Record<string, unknown>
  }, 70_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('a run goes on to its end and its verdict', () => {
    expect(report['before']).toMatchObject({ outcome: 'completed', cause: 'none' })
    expect(report['full']).toMatchObject({ outcome: 'completed', cause: 'none' })
  })
  test('a draft and a file say that the disk is full and what to do; the draft before stays', () => {
    expect(report['draft']).toEqual({ code: 'not_saved', message: expect.stringMatching(/draft\.json could not be saved: the disk is full$/), hint: expect.stringContaining('Free some space') })
    expect(report['file']).toMatchObject({ code: 'not_saved', message: expect.stringContaining('script.py could not be saved: the disk is full') })
    expect(report['kept']).toBe('first')
  })
  test('the history says that the run was not kept whole, and keeps what it had', () => {
    expect(report['state']).toEqual({ on: true, notice: expect.stringMatching(/^The last run was (not kept|kept without its log).*(disk is full|ENOSPC|no space)/) })
    expect(report['list']).toBeGreaterThanOrEqual(1)
  })
})
