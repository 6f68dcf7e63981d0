import { utilityProcess, type UtilityProcess } from 'electron'
import type { CallError } from '../../shared/bridge/contract.ts'
import type { Answer, EnginePort, Push } from '../hosts/engine-port.ts'
import type { EngineCrash } from './crash-dialogs.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'

/** The engine as the main process sees it: a port that survives the engine process. */
export interface EngineClient extends EnginePort {
  /** Starts a new engine process after the old one ended by itself; not any more while it closes. */
  restart(): void
}

const lost: CallError = { code: 'engine_lost', message: 'The engine ended unexpectedly.', hint: 'Start it again; what you typed is kept.', where: null }
/** How long a closing engine may take to end its processes before it is ended itself (its scripts then end with it). */
const closeWithinMs = 5000

/** So much of what an engine wrote last is shown when it crashed (characters). */
const mostLastWords = 400

/** Starts the engine process at `modulePath`. `onCrash` is told once for every engine that ends by itself. */
export function startEngine(modulePath: string, onCrash: (crash: EngineCrash) => void): EngineClient {
  const listeners = new Set<(push: Push) => void>()
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  let closing = false
  /** Messages for an engine that has not said yet that it listens. */
  let unsent: ToEngine[] | null = []
  let running: UtilityProcess | null = start()

  function start(): UtilityProcess {
    const engine = utilityProcess.fork(modulePath, [], { serviceName: 'Cutoff engine', stdio: ['ignore', 'inherit', 'pipe'] })
    let lastWords = ''
    engine.stderr?.on('data', (data: Buffer) => {
      process.stderr.write(data)
      lastWords = (lastWords + String(data)).slice(-mostLastWords)
    })
    engine.on('message', (message: FromEngine) => receive(message))
    // A fault of V8 itself; the exit follows it and is what counts.
    engine.on('error', () => undefined)
    engine.on('exit', (exitCode) => {
      running = null
      unsent = []
      for (const settle of waiting.values()) settle({ error: lost })
      waiting.clear()
      if (!closing) onCrash({ exitCode, lastWords: lastWords.trim() })
    })
    return engine
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
    restart() { if (!closing) running ??= start() },
    async close() {
      closing = true
      const engine = running
      if (!engine) return
      const ended = new Promise<void>((resolve) => { engine.once('exit', () => resolve()) })
      tell({ kind: 'close' })
      const timer = setTimeout(() => engine.kill(), closeWithinMs)
      await ended
      clearTimeout(timer)
    },
  }
}
