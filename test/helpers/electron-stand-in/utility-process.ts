import { fork as forkProcess, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

const parentPort = fileURLToPath(new URL('./parent-port.ts', import.meta.url))

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  constructor(modulePath: string, args: string[]) {
    super()
    this.#child = forkProcess(modulePath, args, { execArgv: ['--import', parentPort], serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child.on('spawn', () => this.emit('spawn'))
    this.#child.on('message', (message) => this.emit('message', message))
    // Electron reports a signal as a number, too.
    this.#child.on('exit', (code, signal) => this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15)))
  }
  get pid() { return this.#child.pid }
  postMessage(message: object) { if (this.#child.connected) this.#child.send(message) }
  kill() { return this.#child.kill() }
}
export const utilityProcess = { fork: (modulePath: string, args: string[] = []) => new UtilityProcess(modulePath, args) }
