import { spawn } from 'node:child_process'

/** What an interpreter says of itself. */
export interface Probed { path: string; version: string }

const code = `import sys
sys.stdout.write("\\ncutoff-probe %d.%d.%d %s\\n" % (tuple(sys.version_info[:3]) + (sys.executable or "",)))`
const mostBytes = 64 * 1024
export const oldestVersion: [number, number] = [3, 8]

/**
 * Runs a program and asks it which Python it is. A string is the problem, continuing a sentence that begins with its name.
 * It may be a shim that starts others, so its whole group is ended when it takes too long.
 */
export function probeInterpreter(program: string, args: string[], options: { env: Record<string, string>; folder: string; timeLimitMs: number }): Promise<Probed | string> {
  return new Promise((resolve) => {
    const question = questionTo(program, args)
    const started = spawn(question.program, question.args, {
      env: options.env, cwd: options.folder, stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true, windowsVerbatimArguments: question.verbatim,
    })
    started.stdin.on('error', () => { /* it reads nothing */ }).end(question.stdin)
    const said = { stdout: '', stderr: '' }
    const end = (answer: Probed | string): void => {
      clearTimeout(timer)
      killAll(started.pid)
      started.stdout.destroy()
      started.stderr.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end(`did not answer within ${options.timeLimitMs / 1000} s`), options.timeLimitMs)
    for (const stream of ['stdout', 'stderr'] as const) {
      started[stream].setEncoding('utf8').on('data', (text: string) => {
        if (said[stream].length < mostBytes) said[stream] += text
        const probed = parseProbe(said.stdout)
        if (probed) end(judge(probed))
      })
    }
    started.on('error', (error: NodeJS.ErrnoException) => end(`could not be started: ${error.code ?? error.message}`))
    // `close` would wait for whatever still holds the pipes; a moment is enough for what was written before the exit.
    started.on('exit', (exitCode, signal) => setTimeout(() => end(exitProblem(exitCode, signal, said.stderr || said.stdout)), 50))
  })
}

/**
 * How to ask a program. A batch file, such as a shim of pyenv-win, is run by the command interpreter, which could not take lines of code as an
 * argument: they come on stdin.
 */
export function questionTo(program: string, args: readonly string[]): { program: string; args: string[]; stdin: string; verbatim: boolean } {
  const options = [...args, '-E', '-s', '-S']
  if (!/\.(?:bat|cmd)$/i.test(program)) return { program, args: [...options, '-c', code], stdin: '', verbatim: false }
  return { program: 'cmd.exe', args: ['/d', '/s', '/c', `""${program}" ${options.join(' ')} -"`], stdin: code, verbatim: true }
}

export function parseProbe(text: string): { version: number[]; path: string } | null {
  const match = /^cutoff-probe (\d+)\.(\d+)\.(\d+) (.*)\r?$/m.exec(text)
  return match && text.indexOf('\n', match.index) >= 0 ? { version: [Number(match[1]), Number(match[2]), Number(match[3])], path: (match[4] ?? '').trim() } : null
}

function judge({ version, path }: { version: number[]; path: string }): Probed | string {
  const [major = 0, minor = 0] = version
  const [oldMajor, oldMinor] = oldestVersion
  if (major < oldMajor || (major === oldMajor && minor < oldMinor)) return `is Python ${version.join('.')}; ${oldestVersion.join('.')} or later is needed`
  if (path === '') return 'does not know its own path (sys.executable is empty)'
  return { path, version: version.join('.') }
}

function exitProblem(code: number | null, signal: string | null, said: string): string {
  const lines = said.trim().split('\n')
  // A tool says what is wrong first, Python's traceback last.
  const telling = (said.includes('Traceback (most recent') ? lines.at(-1) : lines[0])?.slice(0, 300)
  const how = signal ? `was ended by ${signal}` : code === 0 ? 'ran, but did not behave like Python' : `exited with ${code}`
  return telling ? `${how}: ${telling}` : how
}

function killAll(pid: number | undefined): void {
  if (pid === undefined) return
  try { process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL') } catch { /* it has gone already */ }
}
