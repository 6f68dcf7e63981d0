import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const files: { path: string; text: string }[] = []
let told: { filename: string; code: string; message: string; help?: string }[] = []

/**
 * What the linter says about one file that stands at `path` in a checkout of its own. Asked for before the tests run: one start of the
 * linter does for all of them.
 */
function lintOf(path: string, text: string): () => string {
  const number = files.push({ path, text }) - 1
  return () => told.filter(({ filename }) => filename.replaceAll('\\', '/') === `${number}/${path}`).map(({ code, message, help }) => `${code} ${message} ${help ?? ''}`).join('\n') || 'clean'
}

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-lint-'))
  try {
    for (const [number, { path, text }] of files.entries()) {
      const file = join(folder, String(number), path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      cpSync(join(root, '.oxlintrc.json'), join(folder, String(number), '.oxlintrc.json'))
    }
    const run = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--format', 'json', '.'], { cwd: folder, encoding: 'utf8' })
    const report = JSON.parse(run.stdout) as { diagnostics: typeof told; number_of_files: number }
    if (report.number_of_files !== files.length) throw new Error(`${report.number_of_files} of ${files.length} files were linted`)
    told = report.diagnostics
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
const importing = (from: string) => `import { thing } from '${from}'\nexport const use = thing\n`

describe('refused imports name the way to mend them', () => {
  for (const [path, from, message] of [
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
  ] as const) {
    const said = lintOf(path, importing(from))
    test(`${path} may not import ${from}`, () => { expect(said()).toContain(message) })
  }
})

describe('the way that is meant stays open', () => {
  for (const [path, from] of [
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
  ] as const) {
    const said = lintOf(path, importing(from))
    test(`${path} may import ${from}`, () => { expect(said()).toBe('clean') })
  }
})

describe('what is refused besides imports', () => {
  for (const [what, path, text, message] of [
    ['a clock in shared code', 'shared/run/a.ts', 'export const now = () => Date.now()\n', 'shared/ has no clock'],
    ['chance in shared code', 'shared/run/a.ts', 'export const any = () => Math.random()\n', 'shared/ is deterministic'],
    ['`any`', 'electron/engine.ts', 'export const loose = (value: any) => value\n', 'no-explicit-any'],
    ['a default export', 'electron/engine.ts', 'export default 1\n', 'no-default-export'],
    ['a skipped test', 'test/a.test.ts', "import { test } from 'vitest'\ntest.skip('later', () => {})\n", 'no-disabled-tests'],
  ] as const) {
    const said = lintOf(path, text)
    test(what, () => { expect(said()).toContain(message) })
  }
})
