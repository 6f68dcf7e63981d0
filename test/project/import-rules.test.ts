import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-lint-'))
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the linter says about one file that stands at `path` in a checkout. */
function lintOf(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  const run = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '-c', join(folder, '.oxlintrc.json'), path], { cwd: folder, encoding: 'utf8' })
  rmSync(file)
  return run.status === 0 ? 'clean' : run.stdout + run.stderr
}
const importing = (from: string) => `import { thing } from '${from}'\nexport const use = thing\n`

describe('refused imports name the way to mend them', () => {
  test.each([
    ['shared/run/a.ts', 'node:fs', 'shared/ is pure'],
    ['shared/run/a.ts', 'react', 'shared/ is pure'],
    ['shared/run/a.ts', '@mantine/core', 'shared/ is pure'],
    ['shared/run/a.ts', 'node:fs/promises', 'shared/ is pure'],
    ['shared/run/a.ts', '../../electron/engine.ts', 'shared/ imports nothing outside itself'],
    ['shared/run/a.ts', '../../renderer/state/run.ts', 'shared/ imports nothing outside itself'],
    ['electron/engine.ts', 'electron', 'The engine is plain Node'],
    ['electron/hosts/web.ts', 'electron/main', 'The engine is plain Node'],
    ['electron/hosts/desktop.ts', 'electron', 'The engine is plain Node'],
    ['electron/flow/gateway.ts', 'execa', 'Only electron/python/runner.ts starts processes'],
    ['electron/main.ts', 'execa', 'Only electron/python/runner.ts starts processes'],
    ['electron/python/runner.ts', 'electron', 'The engine is plain Node'],
    ['electron/flow/gateway.ts', '../../renderer/ui/theme.ts', 'never import each other'],
    ['electron/main.ts', '../renderer/main.tsx', 'never import each other'],
    ['electron/flow/gateway.ts', '../../test/helpers/x.ts', 'does not import its build scripts or tests'],
    ['renderer/ui/theme.ts', '../../electron/engine.ts', 'The screen reaches the machine through the bridge only'],
    ['renderer/state/run.ts', 'node:fs', 'The screen reaches the machine through the bridge only'],
    ['renderer/app.tsx', './bridge.ts', 'Only renderer/state uses the bridge'],
    ['renderer/ui/button.tsx', '../bridge.ts', 'Only renderer/state uses the bridge'],
    ['renderer/features/log/log.tsx', '../../bridge.ts', 'Only renderer/state uses the bridge'],
    ['renderer/features/log/parts/row.tsx', '../../../bridge/web.ts', 'Only renderer/state uses the bridge'],
    ['renderer/features/log/log.tsx', '../timing/chart.tsx', 'Features never import features'],
    ['renderer/features/log/parts/row.tsx', '../../timing/chart.tsx', 'Features never import features'],
  ])('%s may not import %s', (path, from, message) => {
    expect(lintOf(path, importing(from))).toContain(message)
  })
})

describe('the way that is meant stays open', () => {
  test.each([
    ['shared/bridge/schemas.ts', 'valibot'],
    ['shared/run/a.ts', '../flow/layers.ts'],
    ['shared/run/a.ts', './b.ts'],
    ['electron/main.ts', 'electron'],
    ['electron/window.ts', 'electron'],
    ['electron/desktop/app-protocol.ts', 'electron'],
    ['electron/python/runner.ts', 'execa'],
    ['electron/engine.ts', '../shared/run/event.ts'],
    ['renderer/state/run.ts', '../bridge.ts'],
    ['renderer/features/log/log.tsx', '../../state/run.ts'],
    ['renderer/features/log/parts/row.tsx', '../log-rows.ts'],
    ['renderer/features/log/log.tsx', '../../../shared/bridge/contract.ts'],
    ['renderer/app.tsx', './features/log/log.tsx'],
  ])('%s may import %s', (path, from) => {
    expect(lintOf(path, importing(from))).toBe('clean')
  })
})

test('shared code has neither clock nor chance', () => {
  expect(lintOf('shared/run/a.ts', 'export const now = () => Date.now()\n')).toContain('shared/ has no clock')
  expect(lintOf('shared/run/a.ts', 'export const any = () => Math.random()\n')).toContain('shared/ is deterministic')
})

test('`any`, default exports and skipped tests are refused', () => {
  expect(lintOf('electron/engine.ts', 'export const loose = (value: any) => value\n')).toContain('no-explicit-any')
  expect(lintOf('electron/engine.ts', 'export default 1\n')).toContain('no-default-export')
  expect(lintOf('test/a.test.ts', "import { test } from 'vitest'\ntest.skip('later', () => {})\n")).toContain('no-disabled-tests')
})
