import { chmod, lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readScriptFile, writeScriptFile } from '../../electron/script-files.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-script-files-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

const fileWith = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

test('a script with the line ends of Windows is edited with those of an editor and saved with its own', async () => {
  const path = await fileWith('windows.py', 'def transform(data):\r\n    return 1\r\n')
  const { text } = await readScriptFile(path)
  expect(text).toBe('def transform(data):\n    return 1\n')
  await writeScriptFile(path, `${text}# more\n`)
  expect(await readFile(path, 'utf8')).toBe('def transform(data):\r\n    return 1\r\n# more\r\n')
})

test('any other script is saved as it was typed', async () => {
  const path = await fileWith('mixed.py', 'a = 1\nb = 2\nc = 3\r\n')
  await writeScriptFile(path, 'a = 1\nb = 2\n')
  expect(await readFile(path, 'utf8')).toBe('a = 1\nb = 2\n')
  await writeScriptFile(join(folder, 'new.py'), 'a = 1\n')
  expect(await readFile(join(folder, 'new.py'), 'utf8')).toBe('a = 1\n')
})

test('a mark of byte order stays', async () => {
  const path = await fileWith('marked.py', '\uFEFFa = 1\n')
  const { text } = await readScriptFile(path)
  await writeScriptFile(path, text)
  expect(await readFile(path, 'utf8')).toBe('\uFEFFa = 1\n')
})

test.each([
  ['another encoding', Uint8Array.from([...Buffer.from('# -*- coding: latin-1 -*-\nname = "caf'), 0xe9, ...Buffer.from('"\n')])],
  ['no text at all', Uint8Array.from([0x61, 0, 0x62])],
])('%s is refused: it would come back damaged', async (_, content) => {
  await expect(readScriptFile(await fileWith('other.py', content))).rejects.toMatchObject({ code: 'script_unreadable', message: `${join(folder, 'other.py')} is not text in UTF-8.` })
})

test('a file that is not there is named as missing', async () => {
  await expect(readScriptFile(join(folder, 'missing.py'))).rejects.toMatchObject({ code: 'script_not_found', message: `${join(folder, 'missing.py')} is not there.`, hint: 'Check the path.' })
})

test('a read-only script is left alone, also by root', async () => {
  const path = await fileWith('read-only.py', 'a = 1\n')
  await chmod(path, 0o444)
  await expect(writeScriptFile(path, 'a = 2\n')).rejects.toMatchObject({ code: 'not_saved', message: `${path} could not be saved: it is read-only` })
  expect(await readFile(path, 'utf8')).toBe('a = 1\n')
})

test.skipIf(process.platform === 'win32')('a link stays a link: its file is saved', async () => {
  const target = await fileWith('target.py', 'a = 1\n')
  const link = join(folder, 'link.py')
  await symlink('target.py', link)
  await writeScriptFile(link, 'a = 2\n')
  expect((await lstat(link)).isSymbolicLink()).toBe(true)
  expect(await readFile(target, 'utf8')).toBe('a = 2\n')
})
