import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const helper = pathToFileURL(join(import.meta.dirname, '../../electron/thread.ts')).href
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-thread-'))
  writeFileSync(join(folder, 'told.ts'), `
    import { getCompileCacheDir } from 'node:module'
    import { parentPort, workerData } from 'node:worker_threads'
    const told: { cache: string | null; data: unknown } = { cache: getCompileCacheDir() ?? null, data: workerData }
    parentPort?.postMessage(told)`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a thread tells of itself and what its process knows of the cache, from a process that keeps compiled code in `cache` or nowhere. */
function tell(cache: string | null): { thread: { cache: string | null; data: unknown }; own: string | null } {
  const main = join(folder, 'main.ts')
  writeFileSync(main, `
    import { enableCompileCache, getCompileCacheDir } from 'node:module'
    ${cache === null ? '' : `enableCompileCache(${JSON.stringify(cache)})`}
    const { startThread } = await import(${JSON.stringify(helper)})
    startThread(import.meta.url, 'told', { workerData: 7 }).once('message', (thread) => { console.log(JSON.stringify({ thread, own: getCompileCacheDir() ?? null })) })`)
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  return JSON.parse(execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', main], { env, encoding: 'utf8' }))
}

test('a thread keeps compiled code where its process does', () => {
  const { thread, own } = tell(join(folder, 'cache'))
  expect(thread.data).toBe(7)
  expect(own).toContain(folder)
  expect(thread.cache).toBe(own)
  expect(existsSync(own ?? '')).toBe(true)
})

test('a thread of a process that keeps none keeps none', () => {
  expect(tell(null)).toEqual({ thread: { cache: null, data: 7 }, own: null })
})
