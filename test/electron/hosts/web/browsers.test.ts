import { describe, expect, test } from 'vitest'
import { findChromium } from '../../../../electron/hosts/web/browsers.ts'

const having = (...paths: string[]) => (path: string) => paths.includes(path)

describe('finding a Chromium', () => {
  test('the one that CUTOFF_CHROMIUM names wins', () => {
    const search = { env: { CUTOFF_CHROMIUM: '/opt/c/chrome', PATH: '/usr/bin' }, platform: 'linux' as const, isExecutable: having('/opt/c/chrome', '/usr/bin/chromium') }
    expect(findChromium(search)).toEqual({ path: '/opt/c/chrome', from: 'CUTOFF_CHROMIUM' })
  })
  test('a CUTOFF_CHROMIUM that cannot be run is an error, not a reason to take another', () => {
    const search = { env: { CUTOFF_CHROMIUM: '/nowhere/chrome', PATH: '/usr/bin' }, platform: 'linux' as const, isExecutable: having('/usr/bin/chromium') }
    expect(() => findChromium(search)).toThrow('CUTOFF_CHROMIUM names /nowhere/chrome')
  })
  test('on Linux the PATH is searched, Chromium before Chrome before Edge', () => {
    const search = { env: { PATH: '/a:/b' }, platform: 'linux' as const, isExecutable: having('/a/google-chrome', '/b/chromium') }
    expect(findChromium(search)).toEqual({ path: '/b/chromium', from: 'PATH' })
  })
  test('a relative folder on PATH is never searched', () => {
    expect(findChromium({ env: { PATH: '.:bin' }, platform: 'linux', isExecutable: (path) => !path.startsWith('/') })).toBeNull()
  })
  test('on macOS applications are found for the machine and for the user', () => {
    const path = '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(findChromium({ env: { HOME: '/Users/ada' }, platform: 'darwin', isExecutable: having(path) })).toEqual({ path, from: 'installed' })
  })
  test('on Windows Edge, which every machine has, is found', () => {
    const path = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
    expect(findChromium({ env: { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }, platform: 'win32', isExecutable: having(path) })).toEqual({ path, from: 'installed' })
  })
  test('a machine without one gets null', () => {
    expect(findChromium({ env: { PATH: '/usr/bin' }, platform: 'linux', isExecutable: () => false })).toBeNull()
  })
})
