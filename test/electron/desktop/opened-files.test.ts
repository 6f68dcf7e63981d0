import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkedDrop, filesOfArguments, openedFileOf } from '../../../electron/desktop/opened-files.ts'

describe('files that are handed to the app', () => {
  test.each([['/a/b.py', 'script.open'], ['/a/B.PY', 'script.open'], ['/a/b.pyw', 'script.open'], ['/a/run.cutoff', 'run.open'], ['/a/run.cutoff.json', 'run.open']])('%s', (path, command) => {
    expect(openedFileOf(path)).toEqual({ command, path })
  })
  test.each([['/a/b.json'], ['/a/b'], ['/a/.py'], ['/a/py'], ['']])('"%s" is nothing to open', (path) => {
    expect(openedFileOf(path)).toBeNull()
  })
  test('arguments: the app and its switches are left out, relative paths are taken from the folder of the start', () => {
    expect(filesOfArguments(['cutoff', '--user-data-dir=/x/y.py', '-psn_0_1', 'a.py', '/b/c.cutoff', 'notes.txt'], '/work')).toEqual([{ command: 'script.open', path: join('/work', 'a.py') }, { command: 'run.open', path: '/b/c.cutoff' }])
  })
  test('arguments may be addresses, as file managers hand them over', () => {
    const file = pathToFileURL(join('/work', 'a b.py'))
    expect(filesOfArguments(['cutoff', file.href, 'file://elsewhere/share/x.py%', 'https://example.org/x.py#'], '/')).toEqual([{ command: 'script.open', path: fileURLToPath(file) }])
  })
  test('a drop has to be an absolute path to a file that is there', () => {
    expect(checkedDrop(import.meta.filename.replace(/\.ts$/, '.py'))).toBeNull()
    for (const path of ['a.py', '', '/', null, undefined, 7, {}, ['/a.py'], '/a\0.py']) expect(checkedDrop(path)).toBeNull()
  })
})
