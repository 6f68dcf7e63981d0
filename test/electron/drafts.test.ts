import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Draft } from '../../shared/bridge/contract.ts'
import { createDrafts } from '../../electron/drafts.ts'

let folder = ''
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-drafts-')) })
afterEach(() => rm(folder, { recursive: true, force: true }))

const draft = (scriptText: string): Draft => ({ scriptPath: null, scriptName: 'a.py', scriptText, inputText: '{}', limits: {}, profile: 'transformation-service' })

test('a draft comes back as it was saved, also to the next start', async () => {
  expect(await createDrafts(folder).load()).toBe(null)
  await createDrafts(folder).save(draft('one'))
  expect(await createDrafts(folder).load()).toEqual(draft('one'))
})

test('who asks while a draft is being written gets that one', async () => {
  const drafts = createDrafts(folder)
  await drafts.save(draft('older'))
  const saved = drafts.save(draft('x'.repeat(2_000_000)))
  expect((await drafts.load())?.scriptText.length).toBe(2_000_000)
  await saved
})

test.each([['damaged', '{"version": 1, "dra'], ['of a newer version', '{"version": 2, "draft": {}}']])('a draft that is %s is set aside, which is told once, and the next one is kept', async (_, text) => {
  await writeFile(join(folder, 'draft.json'), text)
  const drafts = createDrafts(folder)
  const problem = await drafts.load().catch((error: unknown) => error) as Error & { code: string; where: string }
  expect(problem).toMatchObject({ code: 'draft_damaged', message: expect.stringContaining(problem.where) })
  expect(await drafts.load()).toBe(null)
  await drafts.save(draft('new'))
  expect(await readFile(problem.where, 'utf8')).toBe(text)
  expect(await drafts.load()).toEqual(draft('new'))
})
