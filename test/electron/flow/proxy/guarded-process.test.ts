import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startGuarded } from '../../../../electron/flow/proxy/guarded-process.ts'
import { openListeningSocket } from '../../../../electron/flow/proxy/listening-socket.ts'
import { isAlive } from '../../../helpers/process-tree.ts'

const run = promisify(execFile)

/** pids of live processes whose command line names this folder; zombies have none. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,stat=,args='])
  return stdout.split('\n').filter((line) => line.includes(folder) && !line.includes('ps -eo'))
}
async function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'cutoff-guard-'))
}

test('a program gets the listening socket as descriptor 3, and its folder goes with it', async () => {
  const folder = await newFolder()
  const socket = await openListeningSocket()
  const guarded = startGuarded('/bin/sh', ['-c', 'test -S /dev/fd/3 && exit 5; exit 6'], { listenFd: socket.fd, env: {}, folder })
  await socket.release()
  expect(await guarded.ended).toMatchObject({ code: 5 })
  expect(existsSync(folder)).toBe(false)
})
test('what it says on stderr is kept, for the error message', async () => {
  const socket = await openListeningSocket()
  const guarded = startGuarded('/bin/sh', ['-c', 'echo cannot do that >&2; exit 1'], { listenFd: socket.fd, env: {}, folder: await newFolder() })
  await socket.release()
  expect((await guarded.ended).stderr).toContain('cannot do that')
})
test('kill ends it and everything it started, even what ignores SIGTERM', async () => {
  const folder = await newFolder()
  const socket = await openListeningSocket()
  const guarded = startGuarded('/bin/sh', ['-c', `trap '' TERM; sleep 600 & : ${folder}; while :; do sleep 600; done`], { listenFd: socket.fd, env: { PATH: '/bin:/usr/bin' }, folder })
  await socket.release()
  await expect.poll(async () => (await processesOf(folder)).length).toBeGreaterThan(0)
  guarded.kill()
  await guarded.ended
  await expect.poll(() => processesOf(folder)).toEqual([])
}, 10_000)
test('when the engine is killed with SIGKILL the program ends with everything it started, and its folder is removed', async () => {
  const folder = await newFolder()
  const engine = spawn(process.execPath, ['-e', `
    const { startGuarded } = await import(${JSON.stringify(join(import.meta.dirname, '../../../../electron/flow/proxy/guarded-process.ts'))})
    const { openListeningSocket } = await import(${JSON.stringify(join(import.meta.dirname, '../../../../electron/flow/proxy/listening-socket.ts'))})
    const socket = await openListeningSocket()
    startGuarded('/bin/sh', ['-c', ': ${folder}; sleep 600 & echo $! > ${folder}/up; wait; :'], { listenFd: socket.fd, env: { PATH: '/bin:/usr/bin' }, folder: ${JSON.stringify(folder)} })
    setInterval(() => {}, 1000)
  `.replaceAll('\n', ';')], { stdio: 'inherit' })
  const started = async () => Number(await readFile(join(folder, 'up'), 'utf8').catch(() => ''))
  await expect.poll(started, { timeout: 8000 }).toBeGreaterThan(0)
  const child = await started()
  engine.kill('SIGKILL')
  await expect.poll(() => existsSync(folder), { timeout: 5000 }).toBe(false)
  await expect.poll(() => processesOf(folder)).toEqual([])
  await expect.poll(() => isAlive(child)).toBe(false)
}, 20_000)
