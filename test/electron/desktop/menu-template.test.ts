import { describe, expect, test } from 'vitest'
import { menuTemplate, type MenuActions } from '../../../electron/desktop/menu-template.ts'
import { commandKeys, desktopKeys } from '../../../shared/bridge/host-commands.ts'

type Item = ReturnType<typeof menuTemplate>[number]
const platforms = ['darwin', 'linux', 'win32'] as const

function menuOf(platform: NodeJS.Platform, { isPackaged = true, recent = [] as string[] } = {}) {
  const done: unknown[][] = []
  const actions: MenuActions = {
    command: (...args) => { done.push(['command', ...args]) }, openScript: () => { done.push(['openScript']) }, openRun: () => { done.push(['openRun']) },
    openRecent: (path) => { done.push(['openRecent', path]) }, clearRecent: () => { done.push(['clearRecent']) }, about: () => { done.push(['about']) },
  }
  const top = menuTemplate(actions, { platform, appName: 'Cutoff', isPackaged, recent })
  const below = (items: Item[]): Item[] => items.flatMap((item) => [item, ...below((item.submenu ?? []) as Item[])])
  const all = below(top)
  const click = (id: string) => { (all.find((item) => item.id === id)?.click as (() => void) | undefined)?.() }
  return { top, all, done, click, under: (name: string) => below([top.find((item) => item.label === name || item.role === name) ?? {}]) }
}

describe.each(platforms)('the menu on %s', (platform) => {
  test('has nothing that does nothing', () => {
    for (const item of menuOf(platform).all.filter(({ type }) => type !== 'separator')) expect([item.click, item.role, item.submenu].some(Boolean), item.label).toBe(true)
  })
  test('gives no key twice', () => {
    const keys = menuOf(platform).all.flatMap(({ accelerator }) => accelerator ?? []).map((key) => String(key).replace('CmdOrCtrl', platform === 'darwin' ? 'Cmd' : 'Ctrl'))
    expect(new Set(keys).size).toBe(keys.length)
  })
  test('tells the keys that the screen takes, and registers only those that it does not', () => {
    const byId = new Map(menuOf(platform).all.map((item) => [item.id, item]))
    const told = Object.entries({ ...commandKeys, ...desktopKeys }).filter(([id]) => id !== 'shortcuts.open')
    for (const [id, keys] of told) expect(byId.get(id)?.accelerator, id).toBe(keys.replace('Mod', 'CmdOrCtrl'))
    for (const id of Object.keys(commandKeys)) if (id !== 'shortcuts.open') expect(byId.get(id)?.registerAccelerator, id).toBe(false)
    for (const id of Object.keys(desktopKeys)) expect(byId.get(id)?.registerAccelerator, id).not.toBe(false)
  })
  test('does what its items say', () => {
    const { click, done } = menuOf(platform, { recent: ['/a/one.py', '/b/two.cutoff'] })
    const expected: [id: string, ...done: unknown[]][] = [
      ...(['script.new', 'script.save', 'script.saveAs', 'script.close', 'run.start', 'run.stop', 'palette.open', 'shortcuts.open', 'theme'] as const).map((id): [string, ...unknown[]] => [id, 'command', id]),
      ['pane.limits', 'command', 'pane', 'limits'], ['pane.diagnose', 'command', 'pane', 'diagnose'],
      ['script.open', 'openScript'], ['run.open', 'openRun'], ['recent.1', 'openRecent', '/b/two.cutoff'], ['recent.clear', 'clearRecent'], ['about', 'about'],
    ]
    for (const [id] of expected) click(id)
    expect(done).toEqual(expected.map(([, ...what]) => what))
  })
  test('offers developer tools only where the app is developed', () => {
    const roles = (isPackaged: boolean) => menuOf(platform, { isPackaged }).all.map(({ role }) => role)
    expect(roles(true)).not.toContain('toggleDevTools')
    expect(roles(false)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']))
  })
})

describe('what differs between platforms', () => {
  test('macOS has About and Quit in the app\'s own menu, with Services and Hide', () => {
    const { top, under } = menuOf('darwin')
    expect(top[0]?.role).toBe('appMenu')
    expect(under('appMenu').map(({ role, id }) => role ?? id).filter(Boolean)).toEqual(['appMenu', 'about', 'services', 'hide', 'hideOthers', 'unhide', 'quit'])
    expect(under('help').map(({ id }) => id)).not.toContain('about')
  })
  test.each(['linux', 'win32'] as const)('%s has Quit in File and About in Help', (platform) => {
    const { under } = menuOf(platform)
    expect(under('&File').map(({ role }) => role)).toContain('quit')
    expect(under('help').map(({ id }) => id)).toContain('about')
  })
})

describe('recent files in the menu', () => {
  const labels = (recent: string[]) => menuOf('linux', { recent }).all.filter(({ id }) => /^recent\.\d/.test(id ?? '')).map(({ label }) => label)

  test('go by their names, and by their folders too where two have the same', () => {
    expect(labels(['/a/x.py', '/b/x.py', '/c/y.py'])).toEqual(['x.py (/a)', 'x.py (/b)', 'y.py'])
  })
  test('keep an & in their names', () => {
    expect(labels(['/a/r&d.py'])).toEqual(['r&&d.py'])
  })
  test('cannot be opened while there are none', () => {
    expect(menuOf('linux').all.find(({ id }) => id === 'recent')?.enabled).toBe(false)
  })
})
