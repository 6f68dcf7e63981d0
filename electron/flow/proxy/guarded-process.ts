import { spawn } from 'node:child_process'

/** A program that cannot outlive this process. */
export interface GuardedProcess {
  /** Settles when it has ended, with what it wrote to stderr (at most 16 KB). */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>
  /** Ends it and everything it started. */
  kill(): void
}

/**
 * A shell stands between: it starts the program in its own process group, says its pid, and reads from a pipe that only this
 * process writes to. When that pipe ends, for whatever reason (a crash, a SIGKILL), it ends the program and everything the program
 * started, by force if need be, and removes its folder. As the program's parent it also collects it, so no zombie is left to a careless init. Works as any user, on
 * any POSIX system.
 */
const guard = `
folder=$1; shift
exec 4<&0
"$@" </dev/null >/dev/null 4<&- &
child=$!
echo $child
trap '' PIPE
{
  read -r _ <&4
  trap '' TERM
  kill -TERM $child
  for tenth in 1 2 3 4 5 6 7 8 9 10; do kill -0 $child || break; sleep 0.1; done
  rm -rf -- "$folder"
  kill -KILL 0
} 3<&- >/dev/null 2>&1 &
watch=$!
wait $child
status=$?
# Some shells tell of a job that was ended. A watch that has seen the pipe end does not listen: it ends the whole group, and this shell.
{ kill $watch; wait $watch; } 2>/dev/null
rm -rf -- "$folder"
exit $status
`
const stderrBytes = 16 * 1024
/** A proxy that was asked to end has nothing left to do; after this it is not asked any more. */
const endPatienceMs = 1000

/** `listenFd` becomes descriptor 3 of the program; `folder` is its working directory and goes with it. */
export function startGuarded(program: string, args: string[], options: { listenFd: number; env: Record<string, string>; folder: string }): GuardedProcess {
  const shell = spawn('/bin/sh', ['-c', guard, 'guard', options.folder, program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe', options.listenFd], detached: true, env: options.env, cwd: options.folder,
  })
  const pid = shell.pid ?? 0
  let said = ''
  let stderr = ''
  shell.stdout?.setEncoding('utf8').on('data', (text: string) => { said += text })
  shell.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-stderrBytes) })
  shell.stdin?.on('error', () => {})
  let late: NodeJS.Timeout | undefined
  const ended = new Promise<{ code: number | null; signal: string | null; stderr: string }>((resolve) => {
    shell.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }))
    // A program that crashed may leave its own children (nginx's workers): they are in the group.
    shell.once('exit', () => signalTo(-pid, 'SIGKILL'))
    shell.once('close', (code, signal) => {
      clearTimeout(late)
      shell.stdin?.destroy()
      resolve({ code, signal, stderr })
    })
  })
  return {
    ended,
    kill() {
      if (shell.exitCode !== null || shell.signalCode !== null) return
      const child = Number.parseInt(said, 10)
      if (child > 0) signalTo(child, 'SIGTERM')
      late = setTimeout(() => signalTo(-pid, 'SIGKILL'), child > 0 ? endPatienceMs : 0)
    },
  }
}

/** Why a program is not there: what it wrote, and what to say where that is nothing. */
export interface NotStarted { stderr: string; silence: string }

/** Settles when the program has ended, which one that was just started should not. */
export async function endedAtOnce(program: GuardedProcess): Promise<NotStarted> {
  const { stderr, code, signal } = await program.ended
  return { stderr, silence: `it ended at once with ${signal ?? `code ${code}`} and said nothing` }
}

const startPatienceMs = 5000

/** Settles when a program has had enough time to answer. */
export function noSignOfLife(): Promise<NotStarted> {
  return new Promise((resolve) => { setTimeout(() => resolve({ stderr: '', silence: `no sign of life within ${startPatienceMs / 1000} s` }), startPatienceMs).unref() })
}

/** A process or group that is gone is what was wanted. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
