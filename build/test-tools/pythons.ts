import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { probeInterpreter, type Probed } from '../../electron/python/interpreter-probe.ts'

/** Every CPython of this machine that can be used: those named, the system's, pyenv's, and those of `CUTOFF_TEST_PYTHONS`. */
export async function findPythons(named: readonly string[] = []): Promise<Probed[]> {
  const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
  const places = [
    ...named, '/usr/bin/python3', ...(process.env['CUTOFF_TEST_PYTHONS'] ?? '').split(delimiter).filter(Boolean),
    ...(existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin/python3')) : []),
  ]
  const context = { env: { PATH: '/usr/bin:/bin' }, folder: '/', timeLimitMs: 20_000 }
  const probed = await Promise.all([...new Set(places)].filter((path) => existsSync(path)).map((path) => probeInterpreter(path, [], context)))
  return probed.filter((answer) => typeof answer !== 'string')
}
