import { access, constants } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readText } from './read-machine.ts'

/** A limit of a control group that is in force for this process; `path` is the group that sets it, maybe an outer one. */
export interface CgroupLimit { controller: 'memory' | 'cpu' | 'pids'; value: number; path: string }
export interface CgroupFacts {
  /** Version of the hierarchy; null where there is none. */
  version: 1 | 2 | null
  limits: CgroupLimit[]
  /** Controllers in which this process may make groups of its own. */
  writable: ('memory' | 'cpu' | 'pids')[]
}

const controllers = ['memory', 'cpu', 'pids'] as const
/** cgroup v1 writes "no limit" as the largest multiple of a page. */
const unlimitedV1 = 2 ** 62

/** Which cgroup limits are in force here, nested groups included, and where groups could be made. Never rejects. */
export async function readCgroup(): Promise<CgroupFacts> {
  const own = await readText('/proc/self/cgroup')
  if (own === null) return { version: null, limits: [], writable: [] }
  const unified = /^0::(.*)$/m.exec(own)?.[1]
  const v2Controllers = unified === undefined ? '' : await readText('/sys/fs/cgroup/cgroup.controllers') ?? ''
  if (unified !== undefined && v2Controllers.trim() !== '') return readV2(unified, v2Controllers)
  return readV1(own)
}

async function readV2(group: string, names: string): Promise<CgroupFacts> {
  const limits: CgroupLimit[] = []
  for (const folder of outwards('/sys/fs/cgroup', group)) {
    const [memory, cpu, pids] = await Promise.all(['memory.max', 'cpu.max', 'pids.max'].map((file) => readText(join(folder, file))))
    if (isNumber(memory)) limits.push({ controller: 'memory', value: Number(memory), path: folder })
    const [quota, period] = (cpu ?? '').trim().split(' ')
    if (isNumber(quota) && isNumber(period)) limits.push({ controller: 'cpu', value: (Number(quota) / Number(period)) * 1000, path: folder })
    if (isNumber(pids)) limits.push({ controller: 'pids', value: Number(pids), path: folder })
  }
  const writable = await isWritable(join('/sys/fs/cgroup', group)) && await isWritable(join('/sys/fs/cgroup', group, 'cgroup.procs'))
  return { version: 2, limits, writable: writable ? controllers.filter((name) => names.split(/\s+/).includes(name)) : [] }
}

async function readV1(own: string): Promise<CgroupFacts> {
  const limits: CgroupLimit[] = []
  const writable: CgroupFacts['writable'] = []
  for (const controller of controllers) {
    const group = own.split('\n').map((line) => line.split(':')).find((parts) => parts[1]?.split(',').includes(controller))?.[2]
    const root = `/sys/fs/cgroup/${controller}`
    if (group === undefined || await readText(join(root, 'cgroup.procs')) === null) continue
    for (const folder of outwards(root, group)) {
      const value = await valueV1(controller, folder)
      if (value !== null) limits.push({ controller, value, path: folder })
    }
    if (await isWritable(root)) writable.push(controller)
  }
  return { version: limits.length > 0 || writable.length > 0 ? 1 : null, limits, writable }
}

async function valueV1(controller: (typeof controllers)[number], folder: string): Promise<number | null> {
  if (controller === 'memory') {
    const bytes = Number(await readText(join(folder, 'memory.limit_in_bytes')) ?? Number.NaN)
    return Number.isFinite(bytes) && bytes < unlimitedV1 ? bytes : null
  }
  if (controller === 'pids') {
    const text = await readText(join(folder, 'pids.max'))
    return isNumber(text) ? Number(text) : null
  }
  const [quota, period] = (await Promise.all(['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) => readText(join(folder, file))))).map(Number)
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? (quota / period) * 1000 : null
}

/** The group's folder and every one around it: an outer limit holds for the inner groups too. */
function outwards(root: string, group: string): string[] {
  const folders: string[] = []
  for (let path = join(root, group); path.startsWith(root); path = dirname(path)) folders.push(path)
  return folders
}

function isNumber(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && /^\d+\s*$/.test(text)
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(() => true, () => false)
}
