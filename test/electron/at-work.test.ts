import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAtWork } from '../../electron/at-work.ts'

let folder = ''
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-at-work-')) })
let children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})
const locks = () => readdir(join(folder, 'at-work'))

/** Another engine, killed by `kill`: a draft is all that it has done. */
async function startOther() {
  const draft = { scriptPath: null, scriptName: 'a.py', scriptText: 'x', inputText: '{}', limits: {}, profile: 'p', window: 'window-1' }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-a-draft.ts'), folder, JSON.stringify(draft)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { mark: ((await locks())[0] ?? '').replace('.lock', ''), kill }
}

test('an engine is at work until it ends, however that is; what it left of its lock is taken away, but not at once', async () => {
  const other = await startOther()
  const mine = createAtWork(folder)
  expect([await mine.isElsewhere(other.mark), await mine.isAlone()]).toEqual([true, false])
  await mine.forget(other.mark)
  expect(await locks()).toHaveLength(1)
  await other.kill()
  expect([await mine.isElsewhere(other.mark), await mine.isAlone(), await locks()]).toEqual([false, true, [`${other.mark}.lock`]])
  const earlier = new Date(Date.now() - 120_000)
  await utimes(join(folder, 'at-work', `${other.mark}.lock`), earlier, earlier)
  expect([await mine.isAlone(), await locks()]).toEqual([true, []])
})

test('an engine is no other to itself, and leaves nothing when it ends in order', async () => {
  const mine = createAtWork(folder)
  const mark = await mine.mark()
  expect([await mine.mark(), await mine.isElsewhere(mark), await mine.isAlone()]).toEqual([mark, false, true])
  expect(await createAtWork(folder).isElsewhere(mark)).toBe(true)
  await mine.close()
  expect([await createAtWork(folder).isElsewhere(mark), await locks()]).toEqual([false, []])
})

test.each(['', '../../etc/passwd', '4711_4026531836'])('%j is no engine’s mark', async (mark) => {
  expect(await createAtWork(folder).isElsewhere(mark)).toBe(false)
})
