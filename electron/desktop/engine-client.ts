import { utilityProcess, type UtilityProcess } from 'electron'
import type { CallError } from '../../shared/bridge/contract.ts'
import type { Answer, EnginePort, Push } from '../hosts/engine-port.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'

/** The engine as the main process sees it: a port that survives the engine process. */
export interface EngineClient extends EnginePort {
  /** Starts a new engine process after the old one ended by itself. */
  restart(): void
}

const lost: CallError = { code: 'engine_lost', message: 'The engine ended unexpectedly.', hint: 'Start it again; what you typed is kept.', where: null }
/** How long a closing engine may take to end its processes before it is ended itself (its scripts then end with it). */
const closeWithinMs = 5000

/** Starts the engine process at `modulePath`. `onCrash` is told once for every engine that ends by itself. */
export function startEngine(modulePath: string, onCrash: (exitCode: number) => void): EngineClient {
  const listeners = new Set<(push: Push) => void>()
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  let closing = false
  /** Messages for an engine that has not said yet that it listens. */
  let unsent: ToEngine[] | null = []
  let running: UtilityProcess | null = start()

  function start(): UtilityProcess {
    const process = utilityProcess.fork(modulePath, [], { serviceName: 'Cutoff engine', stdio: 'inherit' })
    process.on('message', (message: FromEngine) => receive(message))
    process.on('exit', (exitCode) => {
      running = null
      unsent = []
      for (const settle of waiting.values()) settle({ error: lost })
      waiting.clear()
      if (!closing) onCrash(exitCode)
    })
    return process
  }
  function receive(message: FromEngine): void {
    switch (message.kind) {
      case 'ready':
        for (const early of unsent ?? []) running?.postMessage(early)
        unsent = null
        return
      case 'push': for (const listener of listeners) listener(message.push); return
      case 'answer':
        waiting.get(message.id)?.(message.answer)
        waiting.delete(message.id)
    }
  }

  function tell(message: ToEngine): void {
    if (unsent) unsent.push(message)
    else running?.postMessage(message)
  }

  return {
    call(name, args) {
      return new Promise((resolve, reject) => {
        if (!running) { reject(lost); return }
        const id = ++lastId
        waiting.set(id, (answer) => 'error' in answer ? reject(answer.error) : resolve(answer.ok as never))
        tell({ kind: 'call', id, name, args })
      })
    },
    onPush(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    restart() { running ??= start() },
    async close() {
      closing = true
      const process = running
      if (!process) return
      const ended = new Promise<void>((resolve) => { process.once('exit', () => resolve()) })
      tell({ kind: 'close' })
      const timer = setTimeout(() => process.kill(), closeWithinMs)
      await ended
      clearTimeout(timer)
    },
  }
}
