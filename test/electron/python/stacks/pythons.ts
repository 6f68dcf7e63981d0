import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { probeInterpreter } from '../../../../electron/python/interpreter-probe.ts'
import { machinePython } from '../run-script.ts'

const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
const places = [
  machinePython.path, '/usr/bin/python3', ...(process.env['CUTOFF_TEST_PYTHONS'] ?? '').split(delimiter).filter(Boolean),
  ...(existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin/python3')) : []),
]
const probed = await Promise.all([...new Set(places)].filter((path) => existsSync(path)).map((path) => probeInterpreter(path, [], { env: { PATH: '/usr/bin:/bin' }, folder: '/', timeLimitMs: 20_000 })))

/** Every CPython of this machine that can be used: the one on PATH, the system's, pyenv's, and those of `CUTOFF_TEST_PYTHONS`. */
export const pythons = probed.filter((answer) => typeof answer !== 'string').map((answer) => [answer.version, answer] as const)

/** A script of this folder, and the lines of its `#@name` marks. */
export function scriptOf(name: string): { path: string; lineOf(mark: string): number } {
  const path = join(import.meta.dirname, 'scripts', name)
  const lines = readFileSync(path, 'utf8').split('\n')
  return {
    path,
    lineOf(mark) {
      const index = lines.findIndex((line) => line.endsWith(`#@${mark}`))
      if (index < 0) throw new Error(`${name} has no mark ${mark}`)
      return index + 1
    },
  }
}
