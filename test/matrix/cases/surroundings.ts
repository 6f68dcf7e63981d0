import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunPlan } from '../../../shared/run/plan.ts'
import type { MatrixCase } from '../case.ts'

/** A program in place of Python. */
async function fakePython(folder: string, text: string): Promise<string> {
  const path = join(folder, 'python3')
  await writeFile(path, text)
  await chmod(path, 0o755)
  return path
}

const scriptAt = (plan: RunPlan, path: string): RunPlan => ({ ...plan, script: { ...plan.script, path } })

/** What is wrong around the script: interpreter, file, disk, control groups. */
export const surroundingsCases: MatrixCase[] = [
  { name: 'interpreter is not there', cause: 'python.not_found', script: 'quick.py', change: async (plan) => ({ ...plan, python: '/nowhere/python3' }) },
  { name: 'command is on no PATH', cause: 'python.not_found', script: 'quick.py', change: async (plan) => ({ ...plan, python: 'python3.99' }) },
  { name: 'interpreter exits with an error', cause: 'python.unusable', script: 'quick.py', change: async (plan, folder) => ({ ...plan, python: await fakePython(folder, '#!/bin/sh\necho "version 3.99 is not installed" >&2\nexit 127\n') }) },
  { name: 'interpreter is no interpreter', cause: 'python.unusable', script: 'quick.py', change: async (plan, folder) => ({ ...plan, python: await fakePython(folder, '#!/bin/sh\necho hello\n') }) },
  { name: 'broken .venv beside the script', cause: 'python.unusable', script: 'quick.py', change: async (plan, folder) => {
    await mkdir(join(folder, '.venv/bin'), { recursive: true })
    await writeFile(join(folder, '.venv/pyvenv.cfg'), 'home = /nowhere\n')
    await copyFile(plan.script.path ?? '', join(folder, 'quick.py'))
    return scriptAt(plan, join(folder, 'quick.py'))
  } },
  { name: 'script went away', cause: 'script.not_accessible', script: 'quick.py', change: async (plan, folder) => scriptAt(plan, join(folder, 'gone.py')) },
  { name: 'script is a directory', cause: 'script.not_accessible', script: 'quick.py', change: async (plan, folder) => scriptAt(plan, folder) },
  { name: 'disk full', cause: 'os.disk_full', script: 'fills_disk.py', input: { path: '/dev/full' } },
  { name: 'disk full, with a file size limit beside it', cause: 'os.disk_full', script: 'fills_disk.py', input: { path: '/dev/full' }, limits: { 'os.file_size': '1MB' } },
  { name: 'OOM killer of the control group', cause: 'os.oom_kill', script: 'fills_up.py', limits: { 'os.memory': '96MB', 'os.address_space': 'off' }, needs: 'memory' },
  { name: 'OOM killer, address space cap far away', cause: 'os.oom_kill', script: 'fills_up.py', limits: { 'os.memory': '64MB', 'os.address_space': '8GB' }, needs: 'memory' },
  { name: 'OOM killer takes a child of the script', cause: 'os.oom_kill', script: 'child_eats_memory.py', limits: { 'os.memory': '96MB', 'os.address_space': 'off' }, needs: 'memory' },
  { name: 'too many processes', cause: 'os.processes', script: 'forks.py', limits: { 'os.processes': '20' }, needs: 'pids' },
  { name: 'too many threads', cause: 'os.processes', script: 'many_threads.py', limits: { 'os.processes': '20', 'os.address_space': 'off' }, needs: 'pids' },
]
