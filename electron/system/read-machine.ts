import { access, constants, statfs } from 'node:fs/promises'
import { availableParallelism, freemem, loadavg, release, tmpdir, totalmem, type as osType } from 'node:os'
import { readText } from './read-text.ts'

export interface DiskFacts {
  label: string
  path: string
  freeBytes: number | null
  totalBytes: number | null
  /** Files that can still be made; null where the file system has no such bound. */
  freeFiles: number | null
  /** May this user write there? */
  writable: boolean
  problem: string | null
}
export interface MachineFacts {
  platform: NodeJS.Platform
  system: string
  node: string
  cpus: number
  load1: number
  totalBytes: number
  availableBytes: number
  swapFreeBytes: number | null
  disks: DiskFacts[]
  /** Share of the last 10 s in which something waited for it, in percent; null where the kernel does not tell. */
  pressure: { cpu: number | null; memory: number | null; io: number | null }
  timeZone: string
  clockSource: string | null
  root: boolean
  /** Who may read another process's memory: 0 anybody of the same user, 1 a parent its child, 2 root, 3 nobody; null where the kernel has no such setting. */
  ptraceScope: number | null
}

/** Memory, CPU, disks and clock. Never rejects: what cannot be read is null. */
export async function readMachine(folders: { label: string; path: string }[]): Promise<MachineFacts> {
  const [memory, disks, cpu, mem, io, clockSource, ptrace] = await Promise.all([
    readText('/proc/meminfo'), Promise.all([{ label: 'temporary files', path: tmpdir() }, ...folders].map(readDisk)),
    readPressure('cpu'), readPressure('memory'), readPressure('io'), readText('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    readText('/proc/sys/kernel/yama/ptrace_scope'),
  ])
  return {
    platform: process.platform, system: `${osType()} ${release()}`, node: process.version, cpus: availableParallelism(), load1: loadavg()[0] ?? 0,
    totalBytes: totalmem(), availableBytes: kilobytesOf(memory, 'MemAvailable') ?? freemem(), swapFreeBytes: kilobytesOf(memory, 'SwapFree'),
    disks, pressure: { cpu, memory: mem, io }, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, clockSource: clockSource?.trim() ?? null,
    root: process.getuid?.() === 0, ptraceScope: ptrace === null ? null : Number(ptrace),
  }
}

async function readDisk({ label, path }: { label: string; path: string }): Promise<DiskFacts> {
  try {
    const [facts, writable] = await Promise.all([statfs(path), access(path, constants.W_OK).then(() => true, () => false)])
    return { label, path, freeBytes: facts.bavail * facts.bsize, totalBytes: facts.blocks * facts.bsize, freeFiles: facts.files > 0 ? facts.ffree : null, writable, problem: null }
  } catch (error) {
    return { label, path, freeBytes: null, totalBytes: null, freeFiles: null, writable: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

async function readPressure(name: string): Promise<number | null> {
  const match = /^some avg10=([\d.]+)/m.exec(await readText(`/proc/pressure/${name}`) ?? '')
  return match ? Number(match[1]) : null
}

function kilobytesOf(text: string | null, name: string): number | null {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')
  return match ? Number(match[1]) * 1024 : null
}
