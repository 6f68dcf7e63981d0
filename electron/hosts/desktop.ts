import { channels } from './desktop-channels.ts'
import { answerCall, type Answer, type EnginePort, type Push } from './engine-port.ts'

/** The part of an IPC event that tells who sent it. */
export interface IpcSender { senderFrame: { url: string; parent: unknown } | null }
/** The part of Electron's `ipcMain` that is used. */
export interface IpcPort<E extends IpcSender> {
  handle(channel: string, handler: (event: E, ...args: unknown[]) => Promise<unknown>): void
  removeHandler(channel: string): void
}

export interface DesktopHost {
  /** Sends a push of the desktop shell itself, such as a command from the menu. */
  push(push: Push): void
  close(): void
}

const refused: Answer = { error: { code: 'refused', message: 'This page may not use the engine.', hint: null, where: null } }

/**
 * Joins the windows to the engine over IPC: each call is answered only where `isOurs` knows its sender, and its arguments are
 * checked like those of any other host. Answers and errors travel as values, since Electron reduces thrown errors to text.
 */
export function serveDesktop<E extends IpcSender>({ ipc, engine, isOurs, send, onGreeted }: {
  ipc: IpcPort<E>
  engine: EnginePort
  isOurs: (event: E) => boolean
  /** Hands a push to every window. */
  send: (channel: string, push: Push) => void
  /** A page has been greeted by the engine: it is there and can take pushes. */
  onGreeted: () => void
}): DesktopHost {
  ipc.handle(channels.call, async (event, name, args) => {
    if (!isOurs(event)) return refused
    const answer = await answerCall(engine, name, args)
    // After the answer has gone out: the page begins to listen when it has it.
    if (name === 'hello' && 'ok' in answer) setTimeout(onGreeted, 0)
    return answer
  })
  const stop = engine.onPush((push) => send(channels.push, push))
  return {
    push: (push) => send(channels.push, push),
    close() {
      stop()
      ipc.removeHandler(channels.call)
    },
  }
}

/** Is this frame the top frame of a page of ours, by its address? Addresses are compared as parsed: `app://cutoff.evil/` is not ours. */
export function isOurFrame(frame: IpcSender['senderFrame'], origin: { protocol: string; host: string }): boolean {
  if (frame === null || frame.parent !== null) return false
  const url = URL.parse(frame.url)
  return url !== null && url.protocol === origin.protocol && url.host === origin.host
}
