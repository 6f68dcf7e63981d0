import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offlineSwitches, openAppWindow } from '../../../../electron/hosts/web/open-window.ts'
import { isAlive } from '../../../helpers/process-tree.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-window-test-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A program in the browser's place: it notes its arguments and does what it is told. */
function browser(does: string): string {
  const path = join(folder, 'browser')
  writeFileSync(path, `#!/bin/sh\nfor argument; do echo "$argument"; done > ${join(folder, 'arguments')}\necho $$ > ${join(folder, 'pid')}\n${does}\n`)
  chmodSync(path, 0o755)
  return path
}
const profileOf = () => /^--user-data-dir=(.*)$/m.exec(readFileSync(join(folder, 'arguments'), 'utf8'))?.[1] ?? ''

describe.runIf(process.platform !== 'win32')('a window for the screen', () => {
  test('that the user closes has ended as closed, and its profile is gone', async () => {
    const window = await openAppWindow(browser('exit 0'), 'http://127.0.0.1:1/')
    expect(await window.ended).toBe('closed')
    await window.close()
    expect(readFileSync(join(folder, 'arguments'), 'utf8').split('\n')).toEqual(expect.arrayContaining(['--app=http://127.0.0.1:1/', ...offlineSwitches]))
    expect(existsSync(profileOf())).toBe(false)
  })
  test('that cannot be opened has ended as failed', async () => {
    const withoutDisplay = await openAppWindow(browser('exit 1'), 'http://127.0.0.1:1/')
    expect(await withoutDisplay.ended).toBe('failed')
    expect(await (await openAppWindow(join(folder, 'nowhere'), 'http://127.0.0.1:1/')).ended).toBe('failed')
  })
  test('that is closed from here takes its processes along', async () => {
    const window = await openAppWindow(browser('sleep 300 & wait'), 'http://127.0.0.1:1/')
    await expect.poll(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8')).toMatch(/\d/)
    await window.close()
    expect(await window.ended).toBe('closed')
    expect(isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false)
  })
})
