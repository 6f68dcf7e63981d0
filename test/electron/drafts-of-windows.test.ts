import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Draft, DraftTab } from '../../shared/bridge/contract.ts'
import { parseCall } from '../../shared/bridge/parse-call.ts'
import { createAtWork, type AtWork } from '../../electron/at-work.ts'
import { createDrafts } from '../../electron/drafts.ts'

let folder = ''
let engines: AtWork[] = []
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-drafts-')) })
afterEach(async () => {
  await endAll()
  await rm(folder, { recursive: true, force: true })
})

const [one, two, three] = ['window-1', 'window-2', 'window-3']
const tab = (text: string, change: Partial<DraftTab> = {}): DraftTab => ({ path: null, name: 'a.py', text, inputName: 'input.json', inputText: '{}', runOnSave: false, ...change })
const draft = (tabs: DraftTab[], window?: string): Draft => ({ scriptPath: null, scriptName: 'a.py', scriptText: tabs[0]?.text ?? '', inputText: '{}', limits: {}, profile: 'transformation-service', tabs, active: 0, ...(window ? { window } : {}) })
const textsOf = (found: Draft | null) => found?.tabs?.map(({ text }) => text)
const files = async () => (await readdir(folder, { recursive: true })).filter((name) => name.includes('.json')).toSorted()
function start() {
  const atWork = createAtWork(folder)
  engines.push(atWork)
  return createDrafts(folder, atWork)
}
async function endAll() {
  for (const engine of engines.splice(0)) await engine.close()
}
/** An engine that starts after those before have ended. */
async function startAgain() {
  await endAll()
  return start()
}

describe('windows that share an engine', () => {
  test('keep what was typed in each, also when the engine is killed', async () => {
    const drafts = start()
    await Promise.all([drafts.save(draft([tab('one')], one)), drafts.save(draft([tab('two')], two))])
    const again = await startAgain()
    expect(textsOf(await again.open({ window: one, present: [two] }))).toEqual(['one'])
    expect(textsOf(await again.open({ window: two, present: [one] }))).toEqual(['two'])
  })
  test('leave it to the next window that starts, which keeps it as its own', async () => {
    const drafts = start()
    await drafts.save(draft([tab('one')], one))
    await drafts.save(draft([tab('two'), tab('more')], two))
    expect(textsOf(await (await startAgain()).open({ window: three, present: [] }))).toEqual(['two', 'more', 'one'])
    expect(await files()).toEqual(['drafts/window-3.json'])
    expect(textsOf(await (await startAgain()).open({ window: three, present: [] }))).toEqual(['two', 'more', 'one'])
  })
  test('lose nothing to one that starts while they are there', async () => {
    const drafts = start()
    await drafts.save(draft([tab('one')], one))
    expect(await drafts.open({ window: two, present: [one] })).toBe(null)
    expect(textsOf(await drafts.open({ window: one, present: [two] }))).toEqual(['one'])
  })
  test('do not get the same script twice, nor one that nobody touched', async () => {
    const drafts = start()
    const untouched = tab('def transform(input_data):\n    # input_data is the parsed JSON below\n    return input_data\n', { name: 'untitled.py' })
    await drafts.save(draft([tab('same'), untouched, tab('other input', { inputText: '{"a": 1}' })], one))
    await drafts.save(draft([tab('same'), tab('other input')], two))
    expect((await drafts.open({ window: two, present: [] }))?.tabs).toEqual([tab('same'), tab('other input'), tab('other input', { inputText: '{"a": 1}' })])
  })
  test('show a file that is open with another text as a script without a file', async () => {
    const drafts = start()
    await drafts.save(draft([tab('as one has it', { path: '/home/ann/a.py', runOnSave: true })], one))
    await drafts.save(draft([tab('as two has it', { path: '/home/ann/a.py' })], two))
    expect((await drafts.open({ window: two, present: [] }))?.tabs).toEqual([tab('as two has it', { path: '/home/ann/a.py' }), tab('as one has it')])
  })
  test('leave what does not fit into one draft to another window', async () => {
    const many = (name: string) => Array.from({ length: 60 }, (_, index) => tab(`${name} ${index}`))
    const drafts = start()
    await drafts.save(draft(many('one'), one))
    await drafts.save(draft(many('two'), two))
    const opened = await drafts.open({ window: two, present: [] })
    expect(textsOf(opened)).toEqual(textsOf(draft(many('two'))))
    expect(parseCall('saveDraft', [opened])).toMatchObject({ ok: true })
    expect(textsOf(await drafts.open({ window: three, present: [two] }))).toEqual(textsOf(draft(many('one'))))
  })
})

describe('what a window had set', () => {
  const flow: NonNullable<Draft['flow']> = { proxies: ['nginx'], faults: [], python: '/opt/python', propagateCancel: false, stacks: { rateHz: 20, locals: false, allocations: false } }
  const mine = (value: number) => ({ name: 'mine', title: 'Mine', description: '', emulated: false, proxies: [], limits: [{ id: 'client.total', value, origin: 'mine.yaml:3' }] })
  const set = (text: string, window: string, change: Partial<Draft>): Draft => ({ ...draft([tab(text)], window), ...change })

  test('is there again with its scripts, whole', async () => {
    const kept = { limits: { 'client.total': '500ms', 'gateway.write': 'off (not enforced)' }, profile: 'mine', flow, loadedProfiles: [mine(700)], active: 1 }
    await start().save({ ...draft([tab('one'), tab('two', { inputText: '{"a": 1}', path: '/srv/app/a.py', runOnSave: true })], one), ...kept })
    const { window: _, ...whole } = { ...draft([tab('one'), tab('two', { inputText: '{"a": 1}', path: '/srv/app/a.py', runOnSave: true })], one), ...kept }
    expect(await (await startAgain()).open({ window: two, present: [] })).toEqual(whole)
    expect(await (await startAgain()).open({ window: two, present: [] })).toEqual(whole)
  })
  test('is that of the newest; what others had set is kept beside it, with the profiles they had loaded, until it is dealt with', async () => {
    const drafts = start()
    await drafts.save(set('one', one, { limits: { 'client.total': '500ms' }, profile: 'mine', loadedProfiles: [mine(700)] }))
    await drafts.save(set('two', two, { limits: { 'gateway.write': 'off' }, flow }))
    await drafts.save(set('three', three, { limits: { 'client.total': '2s' } }))
    const opened = await (await startAgain()).open({ window: 'window-4', present: [] })
    expect(opened).toMatchObject({ limits: { 'client.total': '2s' }, profile: 'transformation-service', loadedProfiles: [mine(700)] })
    expect(opened?.takenOver).toEqual({
      scripts: 2,
      settings: [{ limits: { 'gateway.write': 'off' }, profile: 'transformation-service', flow }, { limits: { 'client.total': '500ms' }, profile: 'mine' }],
    })
    expect(parseCall('saveDraft', [opened])).toMatchObject({ ok: true })
    expect(await (await startAgain()).open({ window: 'window-5', present: [] })).toEqual(opened)
  })
  test('is no news where it is nothing, or the same', async () => {
    const drafts = start()
    await drafts.save(set('plain', one, {}))
    await drafts.save(set('same', two, { limits: { 'gateway.write': 'off', 'client.total': '2s' } }))
    await drafts.save(set('newest', three, { limits: { 'client.total': '2s', 'gateway.write': 'off' }, flow: { ...flow, proxies: [], python: null, propagateCancel: true, stacks: { rateHz: 100, locals: false, allocations: false } } }))
    expect((await drafts.open({ window: three, present: [] }))?.takenOver).toEqual({ scripts: 2, settings: [] })
  })
  test('of a profile that has the name of another one goes on under a name of its own', async () => {
    const drafts = start()
    await drafts.save(set('one', one, { profile: 'mine', loadedProfiles: [mine(700)] }))
    await drafts.save(set('two', two, { profile: 'mine', loadedProfiles: [mine(900)] }))
    const opened = await drafts.open({ window: two, present: [] })
    expect(opened).toMatchObject({ profile: 'mine', loadedProfiles: [mine(900), { ...mine(700), name: 'mine (2)' }], takenOver: { settings: [{ limits: {}, profile: 'mine (2)' }] } })
    // As after a crash before the other's file was taken away.
    await drafts.save({ ...opened, window: two } as Draft)
    await drafts.save(set('one', one, { profile: 'mine', loadedProfiles: [mine(700)] }))
    expect(await drafts.open({ window: two, present: [] })).toEqual(opened)
  })
  test('stands before a window in which nobody has done anything, however new that is', async () => {
    const drafts = start()
    const untouched = tab('def transform(input_data):\n    # input_data is the parsed JSON below\n    return input_data\n', { name: 'untitled.py' })
    await drafts.save(set('one', one, { limits: { 'client.total': '500ms' } }))
    await drafts.save({ ...draft([untouched], two), loadedProfiles: [] })
    const opened = await (await startAgain()).open({ window: two, present: [] })
    expect([textsOf(opened), opened?.limits, opened?.takenOver, await files()]).toEqual([['one'], { 'client.total': '500ms' }, undefined, ['drafts/window-2.json']])
  })
})

describe('a window that starts', () => {
  test('goes on with the one draft of an older version, whichever shape it has', async () => {
    const { tabs: _, active: __, ...older } = draft([tab('old')])
    await writeFile(join(folder, 'draft.json'), JSON.stringify({ version: 1, draft: older }))
    const drafts = start()
    await drafts.save(draft([tab('new')], two))
    expect(textsOf(await drafts.open({ window: two, present: [] }))).toEqual(['new', 'old'])
    expect(await files()).toEqual(['drafts/window-2.json'])
  })
  test('of the desktop app has what was saved without a window', async () => {
    const drafts = start()
    await drafts.save(draft([tab('kept')]))
    expect(textsOf(await (await startAgain()).open({ window: null, present: [] }))).toEqual(['kept'])
    expect(await files()).toEqual(['draft.json'])
  })
  test('takes nothing away while its own draft cannot be written', async () => {
    await start().save(draft([tab('kept')]))
    await writeFile(join(folder, 'drafts'), 'in the way')
    expect(textsOf(await start().open({ window: one, present: [] }))).toEqual(['kept'])
    expect(textsOf(await (await startAgain()).open({ window: null, present: [] }))).toEqual(['kept'])
  })
  test('is told of every draft that cannot be read, and gets the others when it asks again', async () => {
    const drafts = start()
    await drafts.save(draft([tab('whole')], one))
    await mkdir(join(folder, 'drafts'), { recursive: true })
    for (const name of ['draft.json', 'drafts/window-2.json']) await writeFile(join(folder, name), '{"version": 1, "dra')
    const { code, message } = await drafts.open({ window: three, present: [] }).catch((error: unknown) => error) as Error & { code: string }
    expect(code).toBe('draft_damaged')
    expect(textsOf(await drafts.open({ window: three, present: [] }))).toEqual(['whole'])
    const aside = (await files()).filter((name) => name.includes('.damaged-'))
    expect(aside).toHaveLength(2)
    for (const name of aside) expect([message.includes(name), await readFile(join(folder, name), 'utf8')]).toEqual([true, '{"version": 1, "dra'])
  })
  test('with nothing of its own shows what another Cutoff at work here holds, as a copy, and takes nothing from it', async () => {
    const other = spawn(process.execPath, [join(import.meta.dirname, 'hold-a-draft.ts'), folder, JSON.stringify(draft([tab('theirs')], one))], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(other.stdout, 'data')
      const drafts = start()
      const copied = await drafts.open({ window: two, present: [] })
      expect([textsOf(copied), copied?.takenOver]).toEqual([['theirs'], { scripts: 0, settings: [], copied: true }])
      expect(parseCall('saveDraft', [copied])).toMatchObject({ ok: true })
      await drafts.save(draft([tab('mine')], two))
      expect(textsOf(await drafts.open({ window: two, present: [] }))).toEqual(['mine'])
      expect(textsOf(await drafts.open({ window: three, present: [two] }))).toEqual(['theirs'])
      expect(await files()).toEqual(['drafts/window-1.json', 'drafts/window-2.json', 'drafts/window-3.json'])
    } finally {
      other.kill('SIGKILL')
      await once(other, 'exit')
    }
    const opened = await start().open({ window: two, present: [three] })
    expect([textsOf(opened), opened?.takenOver]).toEqual([['mine', 'theirs'], { scripts: 1, settings: [] }])
    expect(await files()).toEqual(['drafts/window-2.json', 'drafts/window-3.json'])
  })
})

test('the draft that was saved last is there for who has no window', async () => {
  const drafts = start()
  await writeFile(join(folder, 'draft.json'), JSON.stringify({ version: 1, draft: draft([tab('of an older version')]) }))
  await drafts.save(draft([tab('latest')], one))
  expect(textsOf(await drafts.load())).toEqual(['latest'])
  expect(await files()).toEqual(['draft.json', 'drafts/window-1.json'])
})

test.each(['../draft', '', 'a/b/c/d/e/f', 'ALLUPPERCASE', 'con'])('%j is no name of a window', (window) => {
  expect(parseCall('saveDraft', [{ ...draft([tab('x')]), window }])).toMatchObject({ ok: false })
  expect(parseCall('openDraft', [{ window, present: [] }])).toMatchObject({ ok: false })
})
