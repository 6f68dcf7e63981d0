import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { judgeReadings, type DoctorFacts } from '../../shared/limits/judge-readings.ts'
import type { Readings } from '../../shared/limits/readings.ts'
import { dataFolder } from '../data-folder.ts'
import { findInterpreter } from '../python/interpreters.ts'
import { readCgroup } from './read-cgroup.ts'
import { readMachine } from './read-machine.ts'
import { readPython, type PythonFacts } from './read-python.ts'
import { readTools } from './read-tools.ts'
import { readUlimits, ulimitsOfChild } from './read-ulimits.ts'

/** What people check by hand when a request dies, all at once. Never rejects for what the machine lacks. */
export async function readDoctor(options: { python: string | null; scriptPath?: string | null }): Promise<Readings> {
  const folders = [
    { label: 'history and drafts', path: existingFolder(dataFolder()) },
    ...(options.scriptPath ? [{ label: 'the script', path: dirname(options.scriptPath) }] : [{ label: 'the current folder', path: process.cwd() }]),
  ]
  const [{ python, rlimits }, machine, own, cgroup, tools] = await Promise.all([readPythonFacts(options), readMachine(folders), readUlimits(), readCgroup(), readTools()])
  const facts: DoctorFacts = {
    python, ulimits: ulimitsOfChild(own, rlimits), cgroup, tools, electron: { installed: electronInstalled() }, disks: machine.disks,
    memory: { totalBytes: machine.totalBytes, availableBytes: machine.availableBytes, swapFreeBytes: machine.swapFreeBytes },
    system: { name: machine.system, node: machine.node, cpus: machine.cpus, load1: machine.load1, timeZone: machine.timeZone, clockSource: machine.clockSource, root: machine.root, platform: machine.platform, pressure: machine.pressure, ptraceScope: machine.ptraceScope },
  }
  return { schema: 'cutoff.doctor/1', takenAt: new Date().toISOString(), readings: judgeReadings(facts) }
}

async function readPythonFacts(options: { python: string | null; scriptPath?: string | null }): Promise<{ python: DoctorFacts['python']; rlimits: PythonFacts['rlimits'] }> {
  const found = await findInterpreter({ python: options.python, scriptPath: options.scriptPath ?? null })
  if (!found.ok) return { python: { ok: false, problem: found.detail }, rlimits: null }
  const read = await readPython(found.path)
  if (!read.ok) return { python: { ok: false, problem: `${read.path}: ${read.problem}` }, rlimits: null }
  const { path, version, roundTrip, startMs, rlimits } = read.facts
  const noted = found.python3Missing ? 'python3 was not found, python is used: the service logs this at every request.' : null
  return { python: { ok: true, path, version, roundTrip, startMs, addressSpace: rlimits?.AS ?? null, noted }, rlimits }
}

/** The folder itself, or the nearest one around it that is there: nothing is made by looking. */
function existingFolder(path: string): string {
  let folder = path
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** Is Electron's runtime (not only its package) there? Inside Electron itself, certainly. */
export function electronInstalled(): boolean {
  if (process.versions.electron) return true
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve('electron/package.json')), 'dist')
    return statSync(folder).isDirectory() && readdirSync(folder).length > 0
  } catch {
    return false
  }
}
