import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeskDraft } from '../../../shared/bridge/desk.ts'
import { parseCall } from '../../../shared/bridge/parse-call.ts'
import { createAtWork } from '../../../electron/at-work.ts'
import { createDeskDrafts } from '../../../electron/diagnose/desk-drafts.ts'

let folder = ''
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-desk-drafts-')) })
afterEach(() => rm(folder, { recursive: true, force: true }))

const [one, two, three] = ['window-1', 'window-2', 'window-3']
const pasted = (text: string, change: Partial<DeskDraft> = {}): DeskDraft => ({ name: '', text, role: 'source', ...change })
const open = () => createDeskDrafts(folder, createAtWork(folder))
const files = async () => (await readdir(join(folder, 'desk'), { recursive: true })).filter((name) => name.includes('.json')).toSorted()

test('each window keeps what stands in its forms', async () => {
  const drafts = open()
  await drafts.save(one, pasted('one', { saw: { observer: 'http', status: '504' } }))
  await drafts.save(two, pasted('two'))
  expect(await drafts.open({ window: one, present: [two] })).toEqual(pasted('one', { saw: { observer: 'http', status: '504' } }))
  expect(await drafts.open({ window: two, present: [one] })).toEqual(pasted('two'))
  expect(await drafts.open({ window: three, present: [one, two] })).toBe(null)
})
test('what windows that are gone have left is in the next one: the newest in its forms, the others beside', async () => {
  const drafts = open()
  await drafts.save(one, pasted('one', { name: 'nginx.conf' }))
  await drafts.save(two, pasted('', { saw: { observer: 'process', signal: 'SIGKILL' } }))
  await drafts.save(three, pasted('three', { role: 'saw' }))
  await drafts.save('window-4', pasted('', { saw: { observer: 'http', status: '' } }))
  const opened = await drafts.open({ window: 'window-5', present: [] })
  expect(opened).toEqual(pasted('three', { role: 'saw', others: [pasted('', { saw: { observer: 'process', signal: 'SIGKILL' } }), pasted('one', { name: 'nginx.conf' })] }))
  expect(parseCall('deskDraft', [opened, 'window-5'])).toMatchObject({ ok: true })
  expect(await files()).toEqual(['drafts/window-5.json'])
  await drafts.save(one, pasted('three', { role: 'saw' }))
  expect(await drafts.open({ window: 'window-5', present: [] })).toEqual(opened)
})
test('nothing is kept of forms that are empty again', async () => {
  const drafts = open()
  await drafts.save(one, pasted('one'))
  await drafts.save(one, null)
  expect([await files(), await drafts.open({ window: two, present: [] })]).toEqual([[], null])
})
test('a draft of an older version, which all windows shared, is the next one’s', async () => {
  await mkdir(join(folder, 'desk'))
  await writeFile(join(folder, 'desk', 'draft.json'), JSON.stringify({ name: 'half typed', text: 'time', role: 'saw', saw: { observer: 'http' } }))
  expect(await open().open({ window: one, present: [] })).toEqual({ name: 'half typed', text: 'time', role: 'saw', saw: { observer: 'http' } })
})
test('one that cannot be read is set aside, and told of once', async () => {
  await mkdir(join(folder, 'desk'))
  await writeFile(join(folder, 'desk', 'draft.json'), '{"name": "half')
  const drafts = open()
  await expect(drafts.open({ window: one, present: [] })).rejects.toMatchObject({ code: 'draft_damaged', message: expect.stringContaining('.damaged-') })
  expect(await drafts.open({ window: one, present: [] })).toBe(null)
})
