import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type * as Execa from 'execa'
import { byteCodeFolder } from './byte-code-folder.ts'
import { nowNs } from './clock.ts'
import { runCold } from './cold-run.ts'
import { environmentOf } from './environment.ts'
import { defaultHarnessFolder } from './harness-folder.ts'
import { failedRun, greet, isFailed, type Launched } from './launched.ts'
import { createOutputTap } from './output-tap.ts'
import type { ScriptRun, ScriptRunner } from './script-run.ts'
import { spareShelf } from './spares.ts'
import { superviseRun } from './supervised-run.ts'

export interface RunnerOptions {
  /** Folder of `supervisor.py`; default: beside this file, outside the asar where there is one. */
  harnessFolder?: string
  /** Where Python keeps the harness's byte code; null = nowhere. Default: in the user's cache. */
  byteCodeFolder?: string | null
  /** Environment the script's is made from; default this process's. */
  env?: NodeJS.ProcessEnv
  /** `supervised` where the platform has fork, /proc and prctl (Linux), else `cold`, which can be chosen anywhere. */
  harness?: 'supervised' | 'cold'
  /** Largest result in bytes of JSON; default 256 MB. */
  largestResultBytes?: number
  /**
   * How long (ms) the portable harness waits with a kill for the last stack; default 12: the thread that tells it needs the interpreter lock,
   * which is switched every 5 ms.
   */
  stackPatienceMs?: number
}

const largestResultBytes = 256 * 1024 ** 2
const refillAfterMs = 25
const stackPatienceMs = 12

/** Starts scripts, one supervisor process each. Nothing is started before `start` or `warm` is called. */
export function createScriptRunner(options: RunnerOptions = {}): ScriptRunner {
  const harnessFolder = options.harnessFolder ?? defaultHarnessFolder()
  const byteCode = options.byteCodeFolder === undefined ? byteCodeFolder(harnessFolder) : options.byteCodeFolder
  const settings = { harnessFolder, largestResult: options.largestResultBytes ?? largestResultBytes, stackPatienceMs: options.stackPatienceMs ?? stackPatienceMs }
  const env = environmentOf(options.env ?? process.env)
  const supervised = (options.harness ?? (process.platform === 'linux' ? 'supervised' : 'cold')) === 'supervised'
  const launch = (python: string): Launched =>
    launchHarness(python, [join(harnessFolder, 'start.py'), supervised ? 'supervise' : 'cold', byteCode ?? ''], env)
  const follow = supervised ? superviseRun : runCold
  const spares = spareShelf(launch)
  const running = new Set<ScriptRun>()

  return {
    load: () => void loadExeca(),
    start(request, sink) {
      const launchedNs = nowNs()
      const harness = (supervised ? spares.take(request.python.path) : null) ?? launch(request.python.path)
      const run = isFailed(harness) ? failedRun(harness, sink, sink.runMsOf(launchedNs)) : follow(harness, request, sink, settings, launchedNs)
      running.add(run)
      void run.ended.then(() => {
        running.delete(run)
        // Starting a process keeps this one busy for milliseconds that belong to the answer of the run that just ended.
        setTimeout(() => spares.refill(request.python.path), refillAfterMs).unref()
      })
      return run
    },
    // Without fork a started interpreter is as good as the script's process, but its deadlines would count from too early: always fresh.
    warm: (python) => (supervised ? spares.warm(python.path) : Promise.resolve()),
    async close() {
      for (const run of running) run.kill('connector', null, 'the engine is stopping')
      await Promise.all([spares.close(), ...[...running].map((run) => run.ended)])
    },
  }
}

/**
 * Starts Python with the harness: five pipes (commands, stdout, stderr, control, report), nothing buffered, and a session of its own; on
 * Windows, which has none, a console that is not seen: programs that the script starts would open one each otherwise.
 */
function launchHarness(python: string, args: string[], env: Record<string, string>): Launched {
  const started = loadExeca().execa(python, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'], buffer: false, reject: false, detached: process.platform !== 'win32', cleanup: false,
    env, extendEnv: false, encoding: 'buffer', windowsHide: true,
  })
  const child = started.nodeChildProcess
  const { pid } = started
  if (pid === undefined) {
    return { failed: started.then((result) => ({ error: result.originalMessage ?? result.shortMessage ?? `${python} could not be started`, code: result.code ?? null })) }
  }
  // The process's own end: execa's promise also waits for pipes, which a grandchild may keep open.
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const [stdin, stdout, stderr, control, report] = started.stdio as unknown as [Writable, Readable, Readable, Readable, Readable]
  const output = createOutputTap()
  output.add('stdout', stdout)
  output.add('stderr', stderr)
  for (const stream of [stdin, control, report]) stream.on('error', () => { /* the process has gone: its exit tells */ })
  const release = (): void => { for (const stream of [stdin, control, report, ...output.streams]) stream.destroy() }
  return greet({ pid, stdin, output, control, report, exited, release }, randomBytes(12).toString('hex'))
}

/** Loaded with the first process: it is a hundred and fifty files, and a screen that opens should not wait for them. The build makes one of them. */
function loadExeca(): typeof Execa {
  return createRequire(import.meta.url)(import.meta.url.endsWith('.ts') ? 'execa' : './execa.js') as typeof Execa
}
