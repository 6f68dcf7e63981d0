import { fork as forkProcess, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

const parentPort = fileURLToPath(new URL('./parent-port.ts', import.meta.url))

type Stream = 'inherit' | 'ignore' | 'pipe'
type Stdio = Stream | ['ignore', Stream, Stream]

/** Those that run, with the name they were given. */
export const utilityProcesses = new Map<UtilityProcess, string>()

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  constructor(modulePath: string, args: string[], stdio: Stdio, serviceName: string) {
    super()
    const [stdin, stdout, stderr] = typeof stdio === 'string' ? ['ignore', stdio, stdio] as const : stdio
    this.#child = forkProcess(modulePath, args, { execArgv: ['--import', parentPort], serialization: 'advanced', stdio: [stdin, stdout, stderr, 'ipc'] })
    utilityProcesses.set(this, serviceName)
    this.#child.on('spawn', () => this.emit('spawn'))
    this.#child.on('message', (message) => this.emit('message', message))
    // Electron reports a signal as a number, too.
    this.#child.on('exit', (code, signal) => {
      utilityProcesses.delete(this)
      this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15))
    })
  }
  get pid() { return this.#child.pid }
  get stdout() { return this.#child.stdout }
  get stderr() { return this.#child.stderr }
  /** As Electron's: what is sent to one that has ended is lost, without a word. */
  postMessage(message: object) { if (this.#child.connected) this.#child.send(message, () => {}) }
  kill() { return this.#child.kill() }
}
export const utilityProcess = { fork: (modulePath: string, args: string[] = [], { stdio = 'inherit', serviceName = 'Node Utility Process' }: { stdio?: Stdio; serviceName?: string } = {}) => new UtilityProcess(modulePath, args, stdio, serviceName) }
