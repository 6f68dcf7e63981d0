import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { CallArgs, CallName, CallResult } from '../../../shared/bridge/contract.ts'

const root = join(import.meta.dirname, '../../..')

/** `cutoff serve` in a process of its own, spoken to as its screen does. */
export interface ServedEngine {
  readonly pid: number
  readonly port: number
  /** `http://127.0.0.1:port`, and the session's cookie: a browser that carries it is let in. */
  readonly origin: string
  readonly cookie: { name: string; value: string }
  /** Rejects when the engine is gone. */
  call<C extends CallName>(name: C, ...args: CallArgs<C>): Promise<CallResult<C>>
  /** SIGKILL; settles when the process has gone. */
  kill(): Promise<void>
}

/** A process that was started and may be killed before it serves anything. */
export interface StartingEngine {
  readonly pid: number
  /** Resolves once its bridge is open; rejects when it ends before. */
  readonly ready: Promise<ServedEngine>
  kill(): Promise<void>
}

export function startServed(env: NodeJS.ProcessEnv): StartingEngine {
  const child = spawn(process.execPath, [join(root, 'electron/hosts/cli.js'), 'serve', '--no-open'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()) })
  let complaint = ''
  child.stderr.on('data', (data: Buffer) => { complaint += String(data) })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const ready = new Promise<ServedEngine>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (data: Buffer) => {
      said += String(data)
      const [, url] = /^(http:\S+)\n/.exec(said) ?? []
      if (url) openBridge(url).then((bridge) => resolve({ pid: child.pid ?? 0, kill, ...bridge }), reject)
    })
    child.once('exit', () => reject(new Error(`\`cutoff serve\` ended: ${complaint.trim()}`)))
  })
  ready.catch(() => undefined)
  return { pid: child.pid ?? 0, ready, kill }
}

type Answer = { id: number; ok: unknown } | { id: number; error: { message: string } } | { push: string }

/** Exchanges the one-time link for a session and opens the WebSocket, as a browser would. */
async function openBridge(url: string): Promise<Omit<ServedEngine, 'pid' | 'kill'>> {
  const { origin, port } = new URL(url)
  const link = await fetch(url, { redirect: 'manual' })
  const cookie = link.headers.get('set-cookie')?.split(';')[0] ?? ''
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, { headers: { Cookie: cookie, Origin: origin } })
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let gone = false
  socket.on('message', (data) => {
    const answer = JSON.parse(String(data)) as Answer
    if (!('id' in answer)) return
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) call?.reject(new Error(answer.error.message))
    else call?.resolve(answer.ok as never)
  })
  socket.on('close', () => {
    gone = true
    for (const { reject } of waiting.values()) reject(new Error('the engine is gone'))
    waiting.clear()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.on('error', reject)
  })
  return {
    port: Number(port), origin, cookie: { name: cookie.split('=')[0] ?? '', value: cookie.slice(cookie.indexOf('=') + 1) },
    call: (name, ...args) => new Promise((resolve, reject) => {
      if (gone) { reject(new Error('the engine is gone')); return }
      const id = ++lastId
      waiting.set(id, { resolve: resolve as (value: never) => void, reject })
      socket.send(JSON.stringify({ id, call: name, args }))
    }),
  }
}
