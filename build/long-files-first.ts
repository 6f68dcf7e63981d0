import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take a quarter of a minute or more, the longest first. One of them begun last would have
 * one worker busy for minutes while the other has nothing left.
 */
export const longFiles = [
  'test/matrix/matrix.test.ts', 'test/electron/hosts/cli/run.test.ts', 'test/e2e/desktop-endings.spec.ts',
  'test/electron/diagnose/large/logs.test.ts', 'test/electron/diagnose/large/configs.test.ts',
  'test/renderer/cases-and-history.spec.ts', 'test/e2e/desktop-lifecycle.spec.ts', 'test/renderer/answer.spec.ts', 'test/electron/python/stacks/torture.test.ts', 'test/e2e/web.spec.ts',
  'test/renderer/limits-and-log.spec.ts', 'test/renderer/everywhere.spec.ts', 'test/electron/history/history-trouble.test.ts', 'test/electron/diagnose/fuzz.test.ts', 'test/electron/python/stacks/in-script.test.ts',
  'test/electron/log/log-trouble.test.ts', 'test/electron/python/stacks/places.test.ts', 'test/e2e/offline.spec.ts', 'test/renderer/diagnose.spec.ts', 'test/electron/diagnose/large/streams.test.ts',
  'test/electron/engine.test.ts', 'test/e2e/desktop-files.spec.ts', 'test/e2e/kill.spec.ts', 'test/renderer/script.spec.ts',
  'test/e2e/desktop-refusals.spec.ts', 'test/electron/python/stacks/holding.test.ts', 'test/electron/python/versions.test.ts', 'test/electron/samples.test.ts',
  'test/electron/hosts/cli/bad-input.test.ts', 'test/electron/python/samples.test.ts', 'test/electron/python/cuts.test.ts', 'test/electron/python/stacks/accuracy.test.ts',
  'test/electron/hosts/cli/saved-file.test.ts', 'test/electron/log/log-search.test.ts', 'test/e2e/desktop-window.spec.ts', 'test/electron/python/stacks/fallback.test.ts',
  'test/electron/flow/proxy/proxies.test.ts', 'test/e2e/desktop-offline.spec.ts', 'test/e2e/npm-package.spec.ts', 'test/e2e/packages.spec.ts', 'test/e2e/desktop-menu.spec.ts', 'test/electron/python/os-limits.test.ts', 'test/electron/diagnose/evidence.test.ts',
]

/** Runs the long files first, the others as vitest would. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longFirst(await super.sort(files), (file) => file.moduleId)
  }
}

export function longFirst<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const rankOf = (file: T) => {
    const at = longFiles.findIndex((name) => pathOf(file).replaceAll('\\', '/').endsWith(`/${name}`))
    return at === -1 ? longFiles.length : at
  }
  return files.toSorted((one, other) => rankOf(one) - rankOf(other))
}
