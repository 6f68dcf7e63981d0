import type { Reading } from './readings.ts'
import { formatBytes } from './units.ts'
import { counted } from '../text/counted.ts'

/** Everything that was read of a machine, as plain facts; nulls where something could not be read. */
export interface DoctorFacts {
  python: { ok: true; path: string; version: string; roundTrip: boolean; startMs: number; addressSpace: [number | null, number | null] | null; noted: string | null } | { ok: false; problem: string }
  ulimits: { name: string; soft: number | null; hard: number | null; unit: string }[] | null
  memory: { totalBytes: number; availableBytes: number; swapFreeBytes: number | null }
  disks: { label: string; path: string; freeBytes: number | null; freeFiles: number | null; writable: boolean; problem: string | null }[]
  cgroup: { version: 1 | 2 | null; limits: { controller: 'memory' | 'cpu' | 'pids'; value: number; path: string; used: number | null }[]; writable: string[] }
  tools: { name: string; path: string | null; version: string | null }[]
  electron: { installed: boolean }
  system: { name: string; node: string; cpus: number; load1: number; timeZone: string; clockSource: string | null; root: boolean; platform: string; pressure: { cpu: number | null; memory: number | null; io: number | null }; ptraceScope: number | null }
}

type Draft = Omit<Reading, 'number' | 'state' | 'advice'> & Partial<Pick<Reading, 'number' | 'state' | 'advice'>>
const reading = (draft: Draft): Reading => ({ number: null, state: 'ok', advice: null, ...draft })
const MiB = 1024 ** 2
const orUnlimited = (value: number | null, unit = '') => (value === null ? 'unlimited' : unit === 'bytes' ? formatBytes(value) : String(value))

/** Facts in, readings out, in the order in which people look for them. */
export function judgeReadings(facts: DoctorFacts): Reading[] {
  return [...judgePython(facts), ...judgeUlimits(facts), ...judgeMemory(facts), ...facts.disks.map(judgeDisk), ...judgeCgroup(facts), ...judgeTools(facts), ...judgeSystem(facts)]
}

function judgePython({ python }: DoctorFacts): Reading[] {
  if (!python.ok) return [reading({ id: 'python.path', group: 'python', label: 'Interpreter', value: python.problem, state: 'problem', advice: 'Install Python 3.8 or later, or name one with --python.' })]
  const [major = 0, minor = 0] = python.version.split('.').map(Number)
  const old = major < 3 || (major === 3 && minor < 8)
  const limit = python.addressSpace
  return [
    reading({ id: 'python.path', group: 'python', label: 'Interpreter', value: python.path, ...(python.noted ? { state: 'warning' as const, advice: python.noted } : {}) }),
    reading({ id: 'python.version', group: 'python', label: 'Version', value: python.version, ...(old ? { state: 'problem' as const, advice: 'Python 3.8 or later is needed.' } : {}) }),
    reading({ id: 'python.json', group: 'python', label: 'JSON round trip', value: python.roundTrip ? 'came back unchanged' : 'came back changed', ...(python.roundTrip ? {} : { state: 'problem' as const, advice: 'This interpreter changes data; check sitecustomize and PYTHONIOENCODING.' }) }),
    reading({ id: 'python.start', group: 'python', label: 'Start of the interpreter', value: `${python.startMs.toFixed(0)} ms`, number: python.startMs, ...(python.startMs > 400 ? { state: 'warning' as const, advice: 'A slow start counts in every request: look for .pth files and site packages.' } : {}) }),
    ...(limit ? [reading({
      id: 'python.rlimit_as', group: 'python', label: 'RLIMIT_AS as the child sees it', value: `soft ${orUnlimited(limit[0], 'bytes')}, hard ${orUnlimited(limit[1], 'bytes')}`, number: limit[0],
      ...(limit[0] !== null && limit[0] < 512 * MiB ? { state: 'warning' as const, advice: 'Scripts get less address space than the profile allows: raise it with ulimit -v.' } : {}),
    })] : []),
  ]
}

/** The limits a script meets, by the kernel's names, each with the least that common scripts need. */
const watched: Record<string, { id: string; label: string; least: number; option: string }> = {
  'Max address space': { id: 'ulimit.address_space', label: 'Address space (ulimit -v)', least: 512 * MiB, option: '-v' },
  'Max cpu time': { id: 'ulimit.cpu_time', label: 'CPU time (ulimit -t)', least: 60, option: '-t' },
  'Max open files': { id: 'ulimit.open_files', label: 'Open files (ulimit -n)', least: 256, option: '-n' },
  'Max processes': { id: 'ulimit.processes', label: 'Processes of this user (ulimit -u)', least: 256, option: '-u' },
  'Max file size': { id: 'ulimit.file_size', label: 'File size (ulimit -f)', least: 64 * MiB, option: '-f' },
  'Max stack size': { id: 'ulimit.stack', label: 'Stack (ulimit -s)', least: MiB, option: '-s' },
  'Max core file size': { id: 'ulimit.core', label: 'Core file (ulimit -c)', least: 0, option: '-c' },
}

function judgeUlimits({ ulimits, system }: DoctorFacts): Reading[] {
  if (ulimits === null) return [reading({ id: 'ulimit', group: 'limits', label: 'Kernel limits', value: `cannot be read on ${system.platform}`, state: 'warning', advice: 'Run ulimit -a in the shell that starts the service.' })]
  return ulimits.flatMap((limit) => {
    const known = watched[limit.name]
    if (!known) return []
    const low = limit.soft !== null && limit.soft < known.least
    return [reading({
      id: known.id, group: 'limits', label: known.label, value: `soft ${orUnlimited(limit.soft, limit.unit)}, hard ${orUnlimited(limit.hard, limit.unit)}`, number: limit.soft,
      ...(low ? { state: 'warning' as const, advice: `Low enough to end a script: raise it with ulimit ${known.option}.` } : {}),
    })]
  })
}

function judgeMemory({ memory }: DoctorFacts): Reading[] {
  const share = memory.availableBytes / memory.totalBytes
  const state = memory.availableBytes < 256 * MiB ? 'problem' : share < 0.1 ? 'warning' : 'ok'
  return [
    reading({ id: 'memory.free', group: 'memory', label: 'Memory available', value: `${formatBytes(memory.availableBytes)} of ${formatBytes(memory.totalBytes)}`, number: memory.availableBytes, state, advice: state === 'ok' ? null : 'The OOM killer may end scripts: close programs, or give the machine more.' }),
    ...(memory.swapFreeBytes === null ? [] : [reading({ id: 'memory.swap', group: 'memory', label: 'Swap free', value: formatBytes(memory.swapFreeBytes), number: memory.swapFreeBytes })]),
  ]
}

function judgeDisk(disk: DoctorFacts['disks'][number]): Reading {
  const base = { id: `disk.${disk.label.replaceAll(' ', '_')}`, group: 'disk' as const, label: `Disk free for ${disk.label}`, number: disk.freeBytes }
  if (disk.freeBytes === null) return reading({ ...base, value: `${disk.path}: ${disk.problem ?? 'cannot be read'}`, state: 'warning', advice: `Check that ${disk.path} exists.` })
  const value = `${formatBytes(disk.freeBytes)} at ${disk.path}`
  if (!disk.writable) return reading({ ...base, value: `${value}, not writable`, state: 'warning', advice: `This user cannot write to ${disk.path}: what belongs there is not kept.` })
  if (disk.freeFiles !== null && disk.freeFiles < 1000) return reading({ ...base, value: `${value}, room for ${counted(disk.freeFiles, 'more file')}`, state: disk.freeFiles < 50 ? 'problem' : 'warning', advice: 'The disk runs out of files (inodes), however many bytes are free: remove small files.' })
  const state = disk.freeBytes < 50 * MiB ? 'problem' : disk.freeBytes < 500 * MiB ? 'warning' : 'ok'
  return reading({ ...base, value, state, advice: state === 'ok' ? null : 'Free some space: logs and results are written there.' })
}

type CgroupLimit = DoctorFacts['cgroup']['limits'][number]

function judgeCgroup({ cgroup, system }: DoctorFacts): Reading[] {
  const none = cgroup.version === null
  const able = cgroup.writable.length > 0
  return [
    ...cgroup.limits.map((limit, index) => judgeCgroupLimit(limit, index, cgroup.limits)),
    ...(cgroup.limits.length === 0 ? [reading({ id: 'cgroup.limits', group: 'cgroup', label: 'cgroup limits in force', value: none ? `none: ${system.platform === 'linux' ? 'no cgroups here' : `there are no cgroups on ${system.platform}`}` : 'none' })] : []),
    reading({ id: 'cgroup.writable', group: 'cgroup', label: 'cgroup limits Cutoff can set', value: able ? cgroup.writable.join(', ') : 'none', state: able ? 'ok' : 'warning', advice: able ? null : 'The limit os.memory cannot be enforced here; os.cpu_share is held by a token bucket instead. Run in a delegated cgroup (systemd-run --user --scope -p Delegate=yes) to change that.' }),
  ]
}

/** Of nested limits the smallest one decides and carries the plain id; the others are told, not judged. */
function judgeCgroupLimit(limit: CgroupLimit, index: number, all: readonly CgroupLimit[]): Reading {
  const { controller, value, path, used } = limit
  const words = { memory: formatBytes(value), cpu: `${Math.round(value)}m of a core`, pids: `${value} processes and threads` }[controller]
  const decides = all.every((other, at) => other.controller !== controller || other.value > value || (other.value === value && at >= index))
  const usedWords = used === null ? '' : `, ${controller === 'memory' ? formatBytes(used) : used} in use`
  const advice = decides ? adviceOf(limit) : null
  return reading({
    id: decides ? `cgroup.${controller}` : `cgroup.${controller}.${index}`, group: 'cgroup', label: `cgroup ${controller} limit ${decides ? 'in force' : 'of another group'}`,
    value: `${words}${usedWords} (${path})`, number: value, state: advice === null ? 'ok' : 'warning', advice,
  })
}

function adviceOf({ controller, value, used }: CgroupLimit): string | null {
  const left = used === null ? null : value - used
  switch (controller) {
    case 'memory':
      if (value < 512 * MiB) return 'Everything here shares it, Cutoff included: the OOM killer may end scripts below their own limit.'
      return left !== null && left < 256 * MiB ? 'Hardly any of it is left: the OOM killer may end scripts.' : null
    case 'cpu': return value < 1000 ? 'Less than one core for everything here: scripts are throttled, and measured times are longer than elsewhere.' : null
    case 'pids': return value - (used ?? 0) < 64 ? 'Few processes and threads are left: starting one fails with "Resource temporarily unavailable".' : null
  }
}

function judgeTools({ tools, electron }: DoctorFacts): Reading[] {
  return [
    ...tools.map((tool) => reading({ id: `tool.${tool.name.toLowerCase()}`, group: 'tools', label: tool.name, value: tool.path === null ? 'not found' : `${tool.path}${tool.version ? `, ${tool.version}` : ''}`, state: tool.path === null ? 'warning' : 'ok', advice: tool.path === null ? `Only needed for ${tool.name === 'Chromium' ? 'the app window without Electron' : `--proxy ${tool.name}`}: apt install ${tool.name.toLowerCase()}, or brew install ${tool.name.toLowerCase()}.` : null })),
    reading({ id: 'tool.electron', group: 'tools', label: 'Electron', value: electron.installed ? 'runtime present' : 'runtime not present', state: electron.installed ? 'ok' : 'warning', advice: electron.installed ? null : 'Run npm start: it fetches the runtime where it can, and opens the web host otherwise.' }),
  ]
}

/** Clock sources outside the processor. */
const slowClocks = new Set(['hpet', 'acpi_pm', 'jiffies', 'pit'])

function judgeSystem({ system }: DoctorFacts): Reading[] {
  const busy = system.load1 > system.cpus * 1.5
  const pressed = Object.entries(system.pressure).filter(([, share]) => share !== null && share > 20)
  return [
    reading({ id: 'system.name', group: 'system', label: 'System', value: `${system.name}, Node ${system.node}` }),
    reading({ id: 'system.load', group: 'system', label: 'Load', value: `${system.load1.toFixed(2)} on ${system.cpus} CPUs`, number: system.load1, state: busy ? 'warning' : 'ok', advice: busy ? 'More wants to run than there are CPUs: measured times will be too long.' : null }),
    ...(pressed.length > 0 ? [reading({ id: 'system.pressure', group: 'system', label: 'Pressure (last 10 s)', value: pressed.map(([name, share]) => `${name} ${share} %`).join(', '), state: 'warning', advice: 'Processes wait for these: measured times will be too long.' })] : []),
    reading({ id: 'system.user', group: 'system', label: 'User', value: system.root ? 'root' : 'not root', state: system.root ? 'warning' : 'ok', advice: system.root ? 'The kernel does not hold root to os.processes (RLIMIT_NPROC); test as the user of the service.' : null }),
    ...(system.ptraceScope === null ? [] : [judgePtrace(system.ptraceScope, system.root)]),
    reading({ id: 'system.clock', group: 'system', label: 'Clock', value: `${system.timeZone}${system.clockSource ? `, ${system.clockSource}` : ''}`, ...(slowClocks.has(system.clockSource ?? '') ? { state: 'warning' as const, advice: 'Reading this clock takes microseconds: measured times of short spans are too long.' } : {}) }),
  ]
}

/** Yama's ptrace_scope (kernel documentation, admin-guide/LSM/Yama): from 2 on a parent may not read its child. */
function judgePtrace(scope: number, root: boolean): Reading {
  const blocked = scope >= 3 || (scope === 2 && !root)
  return reading({
    id: 'system.ptrace', group: 'system', label: 'Reading stacks from outside', value: blocked ? `not allowed (ptrace_scope ${scope})` : `allowed (ptrace_scope ${scope})`, number: scope,
    ...(blocked ? { state: 'warning' as const, advice: 'A thread inside the script reads its stacks instead, and sees less. sysctl kernel.yama.ptrace_scope=1 changes that.' } : {}),
  })
}
