import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeskStatus } from '../../../shared/bridge/desk.ts'
import { createDesk } from '../../../electron/diagnose/desk.ts'

const evidence = join(import.meta.dirname, '../../fixtures/evidence')
const nginxConf = readFileSync(join(evidence, 'configs/nginx-proxy_read_timeout/nginx.conf'), 'utf8')
const nginxError = readFileSync(join(evidence, 'logs/nginx-proxy_read_timeout/error.log'), 'utf8')

let folder = ''
let told: DeskStatus[] = []
let opened: ReturnType<typeof createDesk>[] = []
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-desk-')); told = []; opened = [] })
afterEach(async () => {
  for (const desk of opened) await desk.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openDesk(isAlone?: () => Promise<boolean>) {
  const desk = createDesk(join(folder, 'desk'), (status) => { told.push(status) }, isAlone)
  opened.push(desk)
  return Object.assign(await desk.opened(), { close: () => desk.close() })
}
type Desk = Awaited<ReturnType<typeof openDesk>>
const base64 = (text: string) => Buffer.from(text).toString('base64')
const verdictOf = async (desk: Desk) => (await desk.result()).diagnosis?.verdict
const settled = (desk: Desk) => expect.poll(async () => (await desk.status()).inputs.filter((input) => input.state === 'waiting' || input.state === 'reading').length).toBe(0)
async function send(desk: Desk, name: string, text: string): Promise<string> {
  const { id } = await desk.begin(name, 'source')
  for (let at = 0; at < text.length; at += 1000) await desk.send(id, base64(text.slice(at, at + 1000)))
  await desk.finish(id)
  return id
}

describe('what is put on the desk', () => {
  test('is judged together, whichever way it came', async () => {
    const desk = await openDesk()
    await send(desk, 'error.log', nginxError)
    await desk.paste('nginx.conf', nginxConf, 'source')
    await expect.poll(() => verdictOf(desk)).toMatchObject({ cause: 'proxy.read', product: 'nginx', directive: 'proxy_read_timeout' })
    await expect.poll(async () => (await desk.status()).inputs.map((input) => [input.name, input.kind])).toEqual([['error.log', 'nginx error log'], ['nginx.conf', 'nginx configuration']])
  })
  test('is judged anew when something is taken away, and again when it comes back', async () => {
    const desk = await openDesk()
    const id = await send(desk, 'error.log', nginxError)
    await expect.poll(async () => (await verdictOf(desk))?.cause).toBe('proxy.read')
    await desk.remove([id])
    await expect.poll(async () => (await desk.result()).diagnosis).toBe(null)
    await desk.restore([id])
    await expect.poll(async () => (await verdictOf(desk))?.cause).toBe('proxy.read')
  })
  test('gets a name of its own, so that file:line says which', async () => {
    const desk = await openDesk()
    await desk.paste('error.log', nginxError, 'source')
    await desk.paste('error.log', 'nothing here', 'source')
    expect((await desk.status()).inputs.map((input) => input.name)).toEqual(['error.log', '2/error.log'])
  })
  test('is there after the engine was started again', async () => {
    const first = await openDesk()
    await first.paste('error.log', nginxError, 'source')
    await first.close()
    const second = await openDesk()
    await expect.poll(async () => (await verdictOf(second))?.cause).toBe('proxy.read')
  })
  test('is all there after two engines were at work on it, each with its own', async () => {
    const [first, second] = [await openDesk(), await openDesk(async () => false)]
    await first.paste('error.log', nginxError, 'source')
    await second.paste('error.log', 'nothing here', 'source')
    await second.paste('removed.log', 'nothing here', 'source')
    await second.remove([(await second.status()).inputs.find(({ name }) => name === 'removed.log')?.id ?? ''])
    await first.paste('nginx.conf', nginxConf, 'source')
    const late = await openDesk(async () => false)
    expect((await late.status()).inputs.map(({ name }) => name)).toEqual(['error.log', 'nginx.conf', '2/error.log'])
    await settled(late)
    expect((await late.status()).inputs.map(({ problem }) => problem)).toEqual([null, null, null])
  })
  test('keeps its content when another engine starts that does not know of it yet', async () => {
    const first = await openDesk()
    const { id } = await first.begin('error.log', 'source')
    await first.send(id, base64(nginxError))
    await (await openDesk(async () => false)).status()
    await first.finish(id)
    await expect.poll(() => verdictOf(first)).toMatchObject({ cause: 'proxy.read' })
  })
  test('of the shipped example names HAProxy and its 500 ms', async () => {
    const desk = await openDesk()
    await desk.example()
    await expect.poll(() => verdictOf(desk)).toMatchObject({ product: 'HAProxy', directive: 'timeout server', limitMs: 500 })
    await settled(desk)
    expect((await desk.status()).inputs).toHaveLength(6)
  })
  test('may be a folder, named by its path', async () => {
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'logs', 'error.log'), nginxError)
    const desk = await openDesk()
    await desk.add([join(folder, 'logs')], 'source')
    await expect.poll(async () => (await verdictOf(desk))?.product).toBe('nginx')
    const ref = (await verdictOf(desk))?.evidence.find((item) => item.ref?.startsWith('log:'))?.ref ?? ''
    const [, file = '', line = ''] = /^log:(.*):(\d+)$/.exec(ref) ?? []
    const excerpt = await desk.excerpt(file, Number(line))
    expect(excerpt?.lines.find((candidate) => candidate.number === Number(line))?.text).toContain('upstream timed out')
  })
})

describe('what cannot be read', () => {
  test('says so, and does not spoil the rest', async () => {
    const desk = await openDesk()
    await desk.add([join(folder, 'not-there.log')], 'source')
    await desk.paste('seen', 'this is prose', 'saw')
    await send(desk, 'error.log', nginxError)
    await expect.poll(async () => (await verdictOf(desk))?.cause).toBe('proxy.read')
    const [missing, prose] = (await desk.status()).inputs
    expect(missing).toMatchObject({ state: 'failed', problem: expect.stringContaining('does not exist') })
    expect(prose).toMatchObject({ state: 'failed', problem: expect.stringContaining('curl -v') })
  })
  test('binary, empty and hostile content becomes a note or nothing, never an error', async () => {
    const desk = await openDesk()
    const { id } = await desk.begin('core', 'source')
    await desk.send(id, Buffer.from([0, 1, 2, 255, 254]).toString('base64'))
    await desk.finish(id)
    await send(desk, 'empty.log', '')
    await send(desk, '<img src=x onerror=alert(1)>', '\u001b]0;title\u0007 \u202e\n'.repeat(100))
    await settled(desk)
    await expect.poll(async () => (await desk.result()).diagnosis?.notes.map((note) => note.text)).toEqual(expect.arrayContaining(['is binary: left out', 'is empty']))
  })
  test('a list of inputs that was damaged is set aside, and the desk is empty', async () => {
    mkdirSync(join(folder, 'desk'))
    writeFileSync(join(folder, 'desk', 'desk.json'), '{"version":1,"inputs":')
    const desk = await openDesk()
    expect(await desk.status()).toMatchObject({ inputs: [], notice: expect.stringContaining('desk.json.damaged') })
    expect(readdirSync(join(folder, 'desk'))).toContain('desk.json.damaged')
  })
})

describe('requests', () => {
  const line = (second: number, path: string, status: number, took: string) => `127.0.0.1 - - [23/Nov/2026:16:54:${second} +0000] "GET ${path} HTTP/1.1" ${status} 167 "-" "probe" rt=${took} uct="0.000" uht="-" urt="${took}" us="${status}" ua="127.0.0.1:20102" rc="OK"\n`
  test('are listed, bad endings first, and the one that is picked is the one that is judged', async () => {
    const desk = await openDesk()
    await send(desk, 'access.log', line(10, '/fine', 200, '0.020') + line(20, '/slow', 504, '0.500') + line(30, '/other', 504, '9.000'))
    await expect.poll(async () => (await desk.result()).requestsTotal).toBe(3)
    const { requests } = await desk.result()
    expect(requests.map((request) => request.path)).toEqual(['/other', '/slow', '/fine'])
    await desk.ask({ text: '', picked: requests[1]?.key ?? null })
    await expect.poll(async () => (await desk.result()).diagnosis?.spans.map((span) => span.endMs)).toEqual([500])
    await desk.ask({ text: '/other', picked: null })
    await expect.poll(async () => (await desk.result()).diagnosis?.spans.map((span) => span.endMs)).toEqual([9000])
  })
  test('that several files tell of are one', async () => {
    const desk = await openDesk()
    await desk.example()
    await settled(desk)
    await expect.poll(async () => (await desk.result()).requests.map((request) => [request.path, request.product])).toEqual([['/slow?ms=2000', 'HAProxy']])
  })
})

describe('a followed log', () => {
  test('is judged as it grows, through rotation and truncation', async () => {
    const path = join(folder, 'app.log')
    const timedOut = nginxError.split('\n').find((text) => text.includes('upstream timed out')) ?? ''
    const desk = await openDesk()
    await desk.follow(path, 'start')
    await expect.poll(async () => (await desk.status()).inputs[0]?.problem).toContain('not there yet')
    writeFileSync(path, '2026/11/23 16:54:40 [notice] 1#1: start worker processes\n')
    await expect.poll(async () => (await desk.status()).inputs[0]?.lines).toBe(1)
    appendFileSync(path, timedOut.slice(0, 60))
    appendFileSync(path, `${timedOut.slice(60)}\n`)
    await expect.poll(async () => (await verdictOf(desk))?.cause).toBe('proxy.read')
    expect((await verdictOf(desk))?.evidence.map((item) => item.ref)).toContain(`log:${path}:2`)

    appendFileSync(path, '2026/11/23 16:54:58 [notice] 1#1: last words\n')
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'new file\n')
    await expect.poll(async () => (await desk.status()).inputs[0]?.lines).toBe(1)
    truncateSync(path, 0)
    await expect.poll(async () => (await desk.status()).inputs[0]?.bytes).not.toBe(-1)
    appendFileSync(path, 'a\nb\nc\n')
    await expect.poll(async () => (await desk.status()).inputs[0]?.lines).toBe(3)

    const id = (await desk.status()).inputs[0]?.id ?? ''
    await desk.unfollow(id)
    appendFileSync(path, 'd\n')
    await new Promise((done) => { setTimeout(done, 600) })
    expect((await desk.status()).inputs[0]).toMatchObject({ state: 'stopped', lines: 3 })
  })
  test('that is rotated right after its last words has them read', async () => {
    const path = join(folder, 'app.log')
    const timedOut = nginxError.split('\n').find((text) => text.includes('upstream timed out')) ?? ''
    writeFileSync(path, 'first\n')
    const desk = await openDesk()
    await desk.follow(path, 'start')
    await expect.poll(async () => (await desk.status()).inputs[0]?.lines).toBe(1)
    appendFileSync(path, `${timedOut}\n`)
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'new\n')
    await expect.poll(async () => (await verdictOf(desk))?.cause).toBe('proxy.read')
  })
  test('from its end on still counts its lines from the beginning', async () => {
    const path = join(folder, 'app.log')
    const timedOut = nginxError.split('\n').find((text) => text.includes('upstream timed out')) ?? ''
    writeFileSync(path, `${timedOut}\n`.repeat(41))
    const desk = await openDesk()
    await desk.follow(path, 'end')
    await new Promise((done) => { setTimeout(done, 400) })
    expect(await verdictOf(desk)).not.toMatchObject({ cause: 'proxy.read' })
    appendFileSync(path, `${timedOut}\n`)
    await expect.poll(async () => (await verdictOf(desk))?.evidence[0]?.ref).toBe(`log:${path}:42`)
  })
})

test('reading can be cancelled, and taken up again', async () => {
  const path = join(folder, 'large.log')
  writeFileSync(path, `${'x'.repeat(200)}\n`.repeat(120_000))
  appendFileSync(path, nginxError)
  const desk = await openDesk()
  await desk.add([path], 'source')
  await expect.poll(async () => (await desk.status()).busy?.totalBytes ?? 0).toBeGreaterThan(0)
  await desk.cancel()
  await expect.poll(async () => (await desk.status()).inputs[0]?.state).toBe('canceled')
  await desk.reread((await desk.status()).inputs[0]?.id ?? '')
  await expect.poll(async () => (await verdictOf(desk))?.cause).toBe('proxy.read')
})
