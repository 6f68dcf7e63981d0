import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cutoff } from '../../../helpers/cutoff.ts'

let folder = ''
let script = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutoff-bad-input-'))
  script = join(folder, 'fine.py')
  await writeFile(script, 'def transform(input_data):\n    return {}\n')
  await writeFile(join(folder, 'empty.py'), '\n\n')
  await writeFile(join(folder, 'bad.json'), '{\n  "a": 1,\n}')
  await writeFile(join(folder, 'broken.yaml'), 'name: x\nlimits:\n  client.totl: 5s\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A refusal: exit 2, one error object, nothing else on stdout. */
async function refused(args: string[]): Promise<{ schema: string; code: string; message: string; hint: string | null; where: string | null }> {
  const { code, stdout } = await cutoff([...args, '--json'])
  expect(code).toBe(2)
  const error = JSON.parse(stdout) as Awaited<ReturnType<typeof refused>>
  expect(error.schema).toBe('cutoff.error/1')
  expect(Object.keys(error)).toEqual(['schema', 'code', 'message', 'hint', 'where'])
  return error
}

describe('bad input is refused with exit 2, and nothing is run', () => {
  test('a missing script', async () => { expect(await refused(['run', join(folder, 'nowhere.py')])).toMatchObject({ code: 'script_not_found' }) })
  test('a directory', async () => { expect(await refused(['run', folder])).toMatchObject({ code: 'script_is_directory' }) })
  test('an empty script', async () => { expect(await refused(['run', join(folder, 'empty.py')])).toMatchObject({ code: 'script_empty' }) })
  test('bad JSON, with its position', async () => {
    const error = await refused(['run', script, '--input', join(folder, 'bad.json')])
    expect(error).toMatchObject({ code: 'bad_json', where: `${join(folder, 'bad.json')}:3:1` })
    expect(await refused(['run', script, '--input', '{"a": tru}'])).toMatchObject({ code: 'bad_json', where: '--input:1:10' })
  })
  test('faults that this flow cannot have, also without running it', async () => {
    expect(await refused(['run', script, '--dry-run', '--proxy', 'nginx', '--fault', 'proxy2.stop@1s'])).toMatchObject({ code: 'fault_without_place', where: '--fault' })
    expect(await refused(['run', script, '--dry-run', '--proxy', 'nginx', '--fault', 'proxy1.busy=1s'])).toMatchObject({ code: 'fault_not_possible', where: '--fault' })
  })
  test('more proxies in a row than anybody has', async () => { expect(await refused(['run', script, '--proxy', Array.from({ length: 17 }, () => 'builtin').join(',')])).toMatchObject({ code: 'too_many_proxies', where: '--proxy' }) })
  test('a place where no run can be saved, before anything has run', async () => {
    expect(await refused(['run', script, '--save', join(folder, 'nowhere/run.json')])).toMatchObject({ code: 'save_failed', message: expect.stringContaining('no such folder') })
    expect(await refused(['run', script, '--save', folder])).toMatchObject({ code: 'save_failed', message: expect.stringContaining('that is a folder') })
  })
  test('an unknown limit, with the nearest name', async () => { expect(await refused(['run', script, '--limit', 'client.totl=5s'])).toMatchObject({ code: 'unknown_limit', hint: 'did you mean client.total?' }) })
  test('a bare number, a negative and an absurd value', async () => {
    expect((await refused(['run', script, '--limit', 'client.total=500'])).hint).toContain('500ms or 500s')
    expect((await refused(['run', script, '--limit', 'client.total=-5s'])).message).toContain('negative')
    expect((await refused(['run', script, '--limit', 'client.total=99999999h'])).message).toContain('larger')
    expect((await refused(['run', script, '--limit', 'client.total'])).code).toBe('bad_limit')
  })
  test('an unknown profile, and one with a mistake in it', async () => {
    expect((await refused(['run', script, '--profile', 'transformation-servce'])).hint).toBe('did you mean transformation-service?')
    expect(await refused(['run', script, '--profile', join(folder, 'broken.yaml')])).toMatchObject({ code: 'bad_profile', where: `${join(folder, 'broken.yaml')}:3`, hint: 'did you mean client.total?' })
  })
  test('an interpreter that does not exist', async () => {
    expect((await refused(['run', script, '--python', '/nowhere/python3'])).code).toBe('python_not_found')
    expect((await refused(['run', script, '--python', 'python3-that-is-nowhere'])).code).toBe('python_not_found')
  })
  test('unknown proxies, faults, options and commands', async () => {
    expect((await refused(['run', script, '--proxy', 'nginxx'])).hint).toBe('did you mean nginx?')
    expect((await refused(['run', script, '--fault', 'network.rset@1s'])).hint).toContain('network.reset')
    expect((await refused(['run', script, '--limt', 'x'])).code).toBe('unknownOption')
    expect((await refused(['rn', script])).code).toBe('unknownCommand')
    expect((await refused(['run', script, '--repeat', '0'])).code).toBe('bad_value')
  })
  test('a limit or fault of a proxy that is not in this flow', async () => {
    expect((await refused(['run', script, '--limit', 'proxy2.read=1s'])).hint).toBe('add --proxy builtin')
    expect((await refused(['run', script, '--fault', 'network.reset@1s:proxy1'])).message).toContain('has no proxy1')
  })
})

test('an unreadable script, as somebody who is not root', async () => {
  const hidden = join(folder, 'hidden.py')
  await writeFile(hidden, 'def transform(x): return x\n')
  await chmod(hidden, 0o000)
  await chmod(folder, 0o755)
  const { code, stdout } = await cutoff(['run', hidden, '--json'], { ...(process.getuid?.() === 0 ? { uid: 65534 } : {}), cwd: '/', env: { ...process.env, HOME: folder } })
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ code: 'script_unreadable' })
})

test('for people the error is one line on stderr, and stdout stays empty', async () => {
  const { code, stdout, stderr } = await cutoff(['run', join(folder, 'nowhere.py')])
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^cutoff: no such script: .*nowhere\.py/)
})
