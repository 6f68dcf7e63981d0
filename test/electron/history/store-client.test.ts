import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

test('a process that closes the store while it still does something ends when that is done', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-store-'))
  const client = pathToFileURL(join(import.meta.dirname, '../../../electron/history/store-client.ts')).href
  const program = join(folder, 'program.mjs')
  writeFileSync(program, `
    import { startStore } from ${JSON.stringify(client)}
    const store = await startStore(${JSON.stringify(folder)})
    void store.call('prune', new Date(0).toISOString())
    await store.close()
    process.stdout.write('closed')
  `)
  try {
    const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', program], { encoding: 'utf8' })
    expect([run.status, run.stdout], run.stderr).toEqual([0, 'closed'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
