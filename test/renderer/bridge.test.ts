import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import { mostBridgeBytes } from '../../shared/bridge/contract.ts'
import { bridgeAddress, webDoor, type DoorState } from '../../renderer/bridge.ts'

/** A real server that speaks the bridge's messages as told. */
async function serve(answer: (socket: ServerSocket, message: { id: number; call: string; args: unknown[] }) => void, port = 0) {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  await once(server, 'listening')
  server.on('connection', (socket) => socket.on('message', (data) => answer(socket, JSON.parse(String(data)))))
  return { server, port: (server.address() as AddressInfo).port, stop: () => new Promise<void>((resolve) => { for (const client of server.clients) client.terminate(); server.close(() => resolve()) }) }
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => { for (const stop of stops.splice(0)) await stop() })

describe('the door to a web host', () => {
  test('stands on the page’s own origin', () => {
    expect(bridgeAddress({ protocol: 'http:', host: '127.0.0.1:4000' })).toBe('ws://127.0.0.1:4000/bridge')
    expect(bridgeAddress({ protocol: 'https:', host: 'x' })).toBe('wss://x/bridge')
  })

  test('matches answers to calls, whatever their order; errors keep their parts', async () => {
    const host = await serve((socket, { id, call, args }) => {
      if (call === 'stopRun') socket.send(JSON.stringify({ id, error: { code: 'no', message: 'no such run', hint: 'look', where: 'x' } }))
      else setTimeout(() => socket.send(JSON.stringify({ id, ok: args[0] ?? null })), call === 'readScript' ? 60 : 0)
    })
    stops.push(host.stop)
    const door = webDoor(`ws://127.0.0.1:${host.port}`)
    const slow = door.call('readScript', '/slow')
    const quick = door.call('loadDraft')
    expect(await Promise.race([slow.then(() => 'slow'), quick.then(() => 'quick')])).toBe('quick')
    expect(await slow).toBe('/slow')
    await expect(door.call('stopRun', 'r')).rejects.toMatchObject({ code: 'no', hint: 'look' })
  })

  test('a call that no host would take is refused, and the others go on', async () => {
    const host = await serve((socket, { id }) => socket.send(JSON.stringify({ id, ok: null })))
    stops.push(host.stop)
    const door = webDoor(`ws://127.0.0.1:${host.port}`)
    const other = door.call('loadDraft')
    await expect(door.call('importRun', 'x'.repeat(mostBridgeBytes))).rejects.toMatchObject({ code: 'too_large' })
    expect(await other).toBeNull()
    expect(door.state().phase).toBe('open')
  })

  test('hands pushes to who listens, and no longer afterwards', async () => {
    const host = await serve((socket, { id }) => { socket.send(JSON.stringify({ push: 'logGrew', value: { runId: 'r', lines: 3, counts: {} } })); socket.send(JSON.stringify({ id, ok: null })) })
    stops.push(host.stop)
    const door = webDoor(`ws://127.0.0.1:${host.port}`)
    const heard: number[] = []
    const off = door.on('logGrew', ({ lines }) => heard.push(lines))
    await door.call('loadDraft')
    off()
    await door.call('loadDraft')
    expect(heard).toEqual([3])
  })

  test('tells when the engine is gone, rejects what was under way, and opens again by itself', async () => {
    const first = await serve(() => {})
    const door = webDoor(`ws://127.0.0.1:${first.port}`)
    const states: DoorState['phase'][] = []
    door.onState((state) => states.push(state.phase))
    const hanging = door.call('loadDraft')
    await vi.waitFor(() => expect(door.state().phase).toBe('open'))
    const refused = hanging.catch((error: unknown) => error)
    await first.stop()
    expect(await refused).toMatchObject({ code: 'engine_lost' })
    await expect(door.call('loadDraft')).rejects.toMatchObject({ code: 'engine_lost' })
    const second = await serve((socket, { id }) => socket.send(JSON.stringify({ id, ok: 'back' })), first.port)
    stops.push(second.stop)
    await vi.waitFor(() => expect(door.state().phase).toBe('open'), { timeout: 8000 })
    expect(await door.call('loadDraft')).toBe('back')
    expect(states).toEqual(expect.arrayContaining(['open', 'lost', 'open']))
  })
})
