import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { packaging } from '../../build/electron-builder.ts'

/** What cannot be packed on the machine that tests: the parts of the configuration for other platforms. */
describe('the packages', () => {
  const { mac, win, nsis, linux } = packaging
  const targets = (list: unknown) => (list as (string | { target: string; arch: string })[]).map((target) => typeof target === 'string' ? target : `${target.target} ${target.arch}`)

  test('are those that each platform expects', () => {
    expect({ linux: targets(linux?.target), mac: targets(mac?.target), win: targets(win?.target) }).toEqual({ linux: ['AppImage', 'deb', 'rpm'], mac: ['dmg universal', 'zip universal'], win: ['nsis', 'portable'] })
  })
  test('have an icon of the platform\'s own kind, so that none has to be fetched or made', () => {
    expect([linux?.icon, mac?.icon, win?.icon].map((icon) => String(icon).replaceAll('\\', '/'))).toEqual([expect.stringMatching(/icons\/linux$/), expect.stringMatching(/\.icns$/), expect.stringMatching(/\.ico$/)])
    for (const icon of [linux?.icon, mac?.icon, win?.icon]) expect(existsSync(String(icon)), String(icon)).toBe(true)
  })
  test('carry the licences on every platform', () => {
    for (const files of [linux?.extraFiles, win?.extraFiles, mac?.extraResources]) expect((files as { to: string }[]).map(({ to }) => to)).toEqual(['LICENSE.cutoff.txt', 'THIRD-PARTY-LICENSES.txt'])
    expect(existsSync(String(nsis?.license))).toBe(true)
  })
  test('leave Python the program that opens scripts', () => {
    const own = [packaging.fileAssociations].flat().map((association) => association?.ext)
    expect(own).toEqual(['cutoff'])
    expect([mac?.fileAssociations].flat().map((association) => association?.rank)).toEqual(['Alternate'])
    expect([win?.fileAssociations].flat().filter(Boolean)).toEqual([])
    expect(existsSync(String(nsis?.include))).toBe(true)
  })
  test('never start without the sandbox by themselves, and look for no update', () => {
    expect(JSON.stringify(packaging)).not.toContain('no-sandbox')
    expect(packaging.toolsets?.appimage).toBe('1.0.3')
    expect(packaging.publish).toBeNull()
  })
})
