import { describe, expect, test } from 'vitest'
import { channels } from '../../../electron/hosts/desktop-channels.ts'
import { isOurFrame, serveDesktop, type IpcSender } from '../../../electron/hosts/desktop.ts'
import { createRecordingEngine } from '../../helpers/recording-engine.ts'

const origin = { protocol: 'app:', host: 'cutoff' }

describe('whose frame a message comes from', () => {
  test.each([
    ['app://cutoff/', true], ['app://cutoff/index.html#x', true],
    ['app://cutoff.evil/', false], ['app://other/', false], ['https://cutoff/', false], ['file:///app/cutoff', false], ['about:blank', false], ['', false], ['data:text/html,app://cutoff/', false],
  ])('%s', (url, ours) => {
    expect(isOurFrame({ url, parent: null }, origin)).toBe(ours)
  })
  test('a frame inside another page is never ours, nor is one that is gone', () => {
    expect(isOurFrame({ url: 'app://cutoff/', parent: { url: 'app://cutoff/' } }, origin)).toBe(false)
    expect(isOurFrame(null, origin)).toBe(false)
  })
})

describe('the desktop host', () => {
  function serve() {
    const engine = createRecordingEngine((name) => ({ name }))
    const handlers = new Map<string, (event: IpcSender, ...args: unknown[]) => Promise<unknown>>()
    const sent: unknown[] = []
    let greetings = 0
    const host = serveDesktop<IpcSender>({
      engine, ipc: { handle: (channel, handler) => { handlers.set(channel, handler) }, removeHandler: (channel) => { handlers.delete(channel) } },
      isOurs: ({ senderFrame }) => isOurFrame(senderFrame, origin), send: (...args) => { sent.push(args) }, onGreeted: () => { greetings++ },
    })
    const from = (url: string) => ({ senderFrame: { url, parent: null } })
    return { engine, host, sent, greetings: () => greetings, handlers, call: (url: string, ...args: unknown[]) => handlers.get(channels.call)?.(from(url), ...args) }
  }
  test('answers our page, and tells that it was greeted', async () => {
    const { call, greetings } = serve()
    expect(await call('app://cutoff/', 'hello', [])).toEqual({ ok: { name: 'hello' } })
    await expect.poll(greetings).toBe(1)
  })
  test('refuses every other sender without asking the engine', async () => {
    const { call, engine, greetings } = serve()
    expect(await call('https://evil.example/', 'hello', [])).toMatchObject({ error: { code: 'refused' } })
    expect(engine.calls).toEqual([])
    expect(greetings()).toBe(0)
  })
  test('checks the arguments', async () => {
    const { call, engine } = serve()
    expect(await call('app://cutoff/', 'readScript', [7])).toMatchObject({ error: { code: 'bad_arguments' } })
    expect(await call('app://cutoff/', 'constructor', [])).toMatchObject({ error: { code: 'unknown_call' } })
    expect(await call('app://cutoff/')).toMatchObject({ error: { code: 'unknown_call' } })
    expect(engine.calls).toEqual([])
  })
  test('passes pushes on until it is closed', () => {
    const { engine, sent, host, handlers } = serve()
    engine.push({ push: 'command', value: { name: 'run', value: null } })
    host.push({ push: 'command', value: { name: 'stop', value: null } })
    expect(sent).toEqual([[channels.push, { push: 'command', value: { name: 'run', value: null } }], [channels.push, { push: 'command', value: { name: 'stop', value: null } }]])
    host.close()
    expect(engine.listeners()).toBe(0)
    expect(handlers.size).toBe(0)
  })
})
