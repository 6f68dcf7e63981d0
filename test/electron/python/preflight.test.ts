import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkScriptFile, judgeScriptFile } from '../../../electron/python/preflight.ts'
import { inFolder } from './run-script.ts'

test('a readable file passes', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'ok.py')
    await writeFile(path, 'x')
    expect(await checkScriptFile(path)).toEqual({ name: 'script.not_accessible', ok: true, detail: `${path} is readable`, fields: { script_path: path } })
  })
})

test('what is no readable file fails with the fields of the log line', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'gone.py')
    expect(await checkScriptFile(path)).toMatchObject({ ok: false, fields: { script_path: path, error: `stat ${path}: no such file or directory` } })
    await mkdir(join(folder, 'dir.py'))
    expect(await checkScriptFile(join(folder, 'dir.py'))).toMatchObject({ ok: false, detail: expect.stringContaining('is a directory') })
    expect(await checkScriptFile('/dev/null')).toMatchObject({ ok: false, detail: '/dev/null is not a regular file' })
    await symlink(join(folder, 'loop.py'), join(folder, 'loop.py'))
    expect(await checkScriptFile(join(folder, 'loop.py'))).toMatchObject({ ok: false, detail: expect.stringContaining('too many levels of symbolic links') })
    expect(await checkScriptFile(`/${'x'.repeat(300)}`)).toMatchObject({ ok: false, detail: expect.stringContaining('file name too long') })
    await writeFile(join(folder, 'file'), '')
    expect(await checkScriptFile(join(folder, 'file', 'x.py'))).toMatchObject({ ok: false, detail: expect.stringContaining('not a directory') })
  })
})

test('a file that may not be read is told apart from one that is not there', () => {
  expect(judgeScriptFile('/a.py', { kind: 'failed', operation: 'open', code: 'EACCES' })).toMatchObject({ ok: false, detail: '/a.py: permission denied', fields: { error: 'open /a.py: permission denied' } })
  expect(judgeScriptFile('/a.py', { kind: 'failed', operation: 'stat', code: 'EWEIRD' })).toMatchObject({ ok: false, detail: '/a.py: EWEIRD' })
})
