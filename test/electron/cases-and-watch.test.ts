import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createCases } from '../../electron/cases.ts'
import { createScriptWatch } from '../../electron/script-watch.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-cases-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

const one = { id: 'a', name: 'one order', inputText: '{"orders": []}', expectedText: null }

test('cases come back as they were saved, each script with its own', async () => {
  const cases = createCases(folder)
  expect(await cases.load('/a/script.py')).toEqual([])
  await cases.save('/a/script.py', [one], [])
  await Promise.all([cases.save('/b/script.py', [one, { ...one, id: 'b' }], []), cases.save('/b/script.py', [{ ...one, id: 'c' }], [one, { ...one, id: 'b' }])])
  expect(await createCases(folder).load('/a/script.py')).toEqual([one])
  expect((await cases.load('/b/script.py')).map((item) => item.id)).toEqual(['c'])
})

test('cases that cannot be read are named with their file and left alone', async () => {
  const cases = createCases(folder)
  await cases.save('/broken.py', [one], [])
  const before = new Set(await readdir(join(folder, 'cases')))
  for (const name of before) await writeFile(join(folder, 'cases', name), '{"version": 9')
  await expect(cases.load('/broken.py')).rejects.toThrow(/cannot be read; move the file away/)
  expect(new Set(await readdir(join(folder, 'cases')))).toEqual(before)
})

test('what two windows, or two engines, change of the same cases is all there', async () => {
  const [first, second] = [createCases(folder), createCases(folder)]
  const [a, b] = [{ ...one, id: 'added by first' }, { ...one, id: 'added by second' }]
  await first.save('/shared.py', [one], [])
  const saved = await Promise.all([first.save('/shared.py', [one, a], [one]), second.save('/shared.py', [one, b], [one])])
  const now = await first.load('/shared.py')
  expect(now.map(({ id }) => id).toSorted()).toEqual(['a', 'added by first', 'added by second'])
  expect(saved).toContainEqual(now)
})

test('a watched script is told when it is written, also by an editor that replaces the file', async () => {
  const path = join(folder, 'watched.py')
  const other = join(folder, 'other.py')
  await writeFile(path, 'a = 1\n')
  await writeFile(other, 'b = 1\n')
  const changes: [string, string | null][] = []
  const watch = createScriptWatch((changed, text) => changes.push([changed, text]))
  try {
    watch.only([path])
    await new Promise((resolve) => setTimeout(resolve, 150))
    await writeFile(path, 'a = 2\n')
    await vi.waitFor(() => expect(changes).toEqual([[path, 'a = 2\n']]), { timeout: 5000 })
    await writeFile(`${path}.swap`, 'a = 3\n')
    await rename(`${path}.swap`, path)
    await vi.waitFor(() => expect(changes).toHaveLength(2), { timeout: 5000 })
    await writeFile(other, 'b = 2\n')
    watch.only([other])
    await new Promise((resolve) => setTimeout(resolve, 250))
    await writeFile(path, 'a = 4\n')
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(changes).toHaveLength(2)
  } finally {
    watch.close()
  }
})

test('a watched script that is gone is told, and again when it is back', async () => {
  const path = join(folder, 'leaving.py')
  await writeFile(path, 'a = 1\n')
  const changes: [string, string | null][] = []
  const watch = createScriptWatch((changed, text) => changes.push([changed, text]))
  try {
    watch.only([path])
    await new Promise((resolve) => setTimeout(resolve, 150))
    await rm(path)
    await vi.waitFor(() => expect(changes).toEqual([[path, null]]), { timeout: 5000 })
    await writeFile(path, 'a = 1\n')
    await vi.waitFor(() => expect(changes).toEqual([[path, null], [path, 'a = 1\n']]), { timeout: 5000 })
  } finally {
    watch.close()
  }
})
