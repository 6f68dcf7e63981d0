import { readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendFile } from '../../../../electron/hosts/web/send-file.ts'

/** More than one piece, and not a whole number of them; no two places alike. */
const large = Buffer.from(Array.from({ length: 150_001 }, (_, index) => `${index} `).join(''))
let folder = ''
let server: Server
let path = ''
const sent: Promise<void>[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cutoff-send-'))
  path = join(folder, 'large.wasm')
  await writeFile(path, large)
  server = createServer((_, response) => { sent.push(sendFile(path, response)) })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})
const port = () => (server.address() as AddressInfo).port
const get = async () => Buffer.from(await (await fetch(`http://127.0.0.1:${port()}/`)).arrayBuffer())

test('a file of several pieces arrives as it is, to several readers at once', async () => {
  for (const got of await Promise.all([get(), get(), get()])) expect(got.equals(large)).toBe(true)
})

test('an empty file arrives empty', async () => {
  await writeFile(path, '')
  expect((await get()).length).toBe(0)
  await writeFile(path, large)
})

test('a file that is gone breaks the connection off instead of passing for an empty one', async () => {
  await rm(path)
  await expect(get()).rejects.toThrow('fetch failed')
  await writeFile(path, large)
})

test.runIf(process.platform === 'linux')('a reader that leaves midway leaves no open file behind', async () => {
  sent.length = 0
  const socket = connect(port(), '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise((resolve) => { socket.once('data', resolve) })
  socket.pause()
  socket.resetAndDestroy()
  await Promise.all(sent)
  expect(sent.length).toBe(1)
  expect(openFiles()).not.toContain(path)
})

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
}
