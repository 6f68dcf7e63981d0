import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { environmentOf } from './environment.ts'
import { resolveInterpreter, type ResolveOptions } from './interpreter-cache.ts'
import { lookUp, type Located } from './path-lookup.ts'

/** An interpreter that works. */
export interface Interpreter {
  ok: true
  /** The real program (`sys.executable`), never a shim. */
  path: string
  /** `3.11.2` */
  version: string
  /** As it was asked for: `python3`, `python`, `py -3`, or a path. */
  command: string
  origin: 'asked' | 'venv' | 'path'
  /** `python3` was not there and `python` was taken: the flow logs `python3 not found, trying python`. */
  python3Missing: boolean
}

/** No interpreter, with everything that was tried. `cause` is the verdict's. */
export interface NoInterpreter {
  ok: false
  cause: 'python.not_found' | 'python.unusable'
  /** One sentence part: `python3 exited with 127: pyenv: version 3.99 is not installed`. */
  detail: string
  command: string
  python3Missing: boolean
  tried: { command: string; path: string | null; problem: string }[]
}

export interface InterpreterWish {
  /** Path or command name the user asked for; null = find one. */
  python: string | null
  /** A virtual environment beside it wins; also the folder in which a shim decides on its version. */
  scriptPath: string | null
  env?: NodeJS.ProcessEnv
  platform?: NodeJS.Platform
}

/**
 * Finds the interpreter as the transformation service does: what was asked for; else `.venv` or `venv` beside the script; else
 * `python3`, and `python` only if there is no `python3` (one that is there and broken is not passed over); on Windows then `py -3`.
 */
export async function findInterpreter(wish: InterpreterWish, options: ResolveOptions = {}): Promise<Interpreter | NoInterpreter> {
  const platform = wish.platform ?? process.platform
  const env = environmentOf(wish.env ?? process.env, platform)
  const folder = wish.scriptPath === null ? process.cwd() : dirname(wish.scriptPath)
  const tried: NoInterpreter['tried'] = []
  const missing: string[] = []
  for (const candidate of await candidatesOf(wish, folder, platform)) {
    const python3Missing = missing.includes('python3')
    const located = await lookUp(candidate.command, env, platform)
    if (located.kind === 'missing') {
      missing.push(candidate.command)
      tried.push({ command: candidate.command, path: null, problem: located.problem })
      if (candidate.origin === 'path') continue
      return { ok: false, cause: candidate.origin === 'venv' ? 'python.unusable' : 'python.not_found', detail: located.problem, command: candidate.command, python3Missing, tried }
    }
    const found = located.kind === 'refused' ? located.problem : await resolveInterpreter(located.path, candidate.args, { env, folder, ...options })
    if (typeof found !== 'string') return { ok: true, ...found, command: shown(candidate), origin: candidate.origin, python3Missing }
    tried.push({ command: shown(candidate), path: pathOf(located), problem: found })
    return { ok: false, cause: 'python.unusable', detail: `${shown(candidate)} ${found}`, command: shown(candidate), python3Missing, tried }
  }
  return {
    ok: false, cause: 'python.not_found', detail: `no ${tried.map(({ command }) => command).join(', no ')} on PATH`, command: tried[0]?.command ?? 'python3',
    python3Missing: missing.includes('python3'), tried,
  }
}

interface Candidate { command: string; args: string[]; origin: Interpreter['origin'] }

function shown({ command, args }: Candidate): string {
  return [command, ...args].join(' ')
}

function pathOf(located: Located): string | null {
  return located.kind === 'missing' ? null : located.path
}

async function candidatesOf(wish: InterpreterWish, folder: string, platform: NodeJS.Platform): Promise<Candidate[]> {
  if (wish.python !== null) return [{ command: wish.python, args: [], origin: 'asked' }]
  const venv = wish.scriptPath === null ? null : await venvBeside(folder, platform)
  if (venv) return [{ command: venv, args: [], origin: 'venv' }]
  const names: Candidate[] = ['python3', 'python'].map((command) => ({ command, args: [], origin: 'path' }))
  return platform === 'win32' ? [...names, { command: 'py', args: ['-3'], origin: 'path' }] : names
}

/** The program of a virtual environment beside the script. `pyvenv.cfg` makes a folder one, even where its program has gone. */
async function venvBeside(folder: string, platform: NodeJS.Platform): Promise<string | null> {
  for (const name of ['.venv', 'venv']) {
    const root = join(folder, name)
    const program = platform === 'win32' ? join(root, 'Scripts', 'python.exe') : join(root, 'bin', 'python')
    const isVenv = await stat(join(root, 'pyvenv.cfg')).catch(() => stat(program)).catch(() => null)
    if (isVenv) return program
  }
  return null
}

/** Fields of the flow's log line about the interpreter. */
export function interpreterFields(found: Interpreter): { python_cmd: string; python_path: string; python_version: string } {
  return { python_cmd: found.origin === 'path' ? found.command : basename(found.command), python_path: found.path, python_version: found.version }
}
