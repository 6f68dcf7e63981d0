import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { cgroupPlacesOf, type CgroupController, type CgroupPlace } from './cgroup-folders.ts'
import { readText } from './read-text.ts'

/** A limit that is in force for this process; `path` is the group that sets it, its own or one around it. Bytes, millicores, processes. */
export interface CgroupLimit { controller: CgroupController; value: number; path: string; /** how much of it is used, by all in that group */ used: number | null }
export interface CgroupFacts {
  /** Version of the hierarchy that holds the controllers; null where there is none. */
  version: 1 | 2 | null
  limits: CgroupLimit[]
  /** Controllers in which this process may make groups of its own. */
  writable: CgroupController[]
}

/** cgroup v1 writes "no limit" as the largest multiple of a page. */
const unlimitedV1 = 2 ** 62

/** Which cgroup limits are in force here, nested groups included, and where groups could be made. Never rejects. `root`: of the file system. */
export async function readCgroup(root = '/'): Promise<CgroupFacts> {
  const [own, mounts] = await Promise.all([readText(join(root, '/proc/self/cgroup')), readText(join(root, '/proc/self/mountinfo'))])
  const places = cgroupPlacesOf(own ?? '', mounts ?? '')
  const found = await Promise.all(places.map(async (place) => ({ place, limits: await limitsOf(place, root), isWritable: await isWritable(place, root) })))
  return {
    version: places[0]?.version ?? null,
    limits: found.flatMap(({ limits }) => limits),
    writable: found.filter((each) => each.isWritable).map(({ place }) => place.controller),
  }
}

/** Every group of the place that sets a limit; an outer one holds for the inner groups too. */
async function limitsOf({ controller, version, folders }: CgroupPlace, root: string): Promise<CgroupLimit[]> {
  const limits = await Promise.all(folders.map(async (path): Promise<CgroupLimit | null> => {
    const read = (file: string) => readText(join(root, path, file))
    const value = await (version === 1 ? valueV1(controller, read) : valueV2(controller, read))
    return value === null ? null : { controller, value, path, used: await usedOf(controller, version, read) }
  }))
  return limits.filter((limit) => limit !== null)
}

type Read = (file: string) => Promise<string | null>

async function valueV2(controller: CgroupController, read: Read): Promise<number | null> {
  if (controller !== 'cpu') return numberOf(await read(`${controller}.max`))
  const [quota, period] = (await read('cpu.max') ?? '').trim().split(' ').map((text) => numberOf(text))
  return quota && period ? (quota / period) * 1000 : null
}

async function valueV1(controller: CgroupController, read: Read): Promise<number | null> {
  if (controller === 'pids') return numberOf(await read('pids.max'))
  if (controller === 'memory') {
    const bytes = numberOf(await read('memory.limit_in_bytes'))
    return bytes !== null && bytes < unlimitedV1 ? bytes : null
  }
  const [quota, period] = await Promise.all([read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')])
  const [quotaUs, periodUs] = [numberOf(quota), numberOf(period)]
  return quotaUs && periodUs ? (quotaUs / periodUs) * 1000 : null
}

async function usedOf(controller: CgroupController, version: 1 | 2, read: Read): Promise<number | null> {
  if (controller === 'cpu') return null
  return numberOf(await read(controller === 'memory' && version === 1 ? 'memory.usage_in_bytes' : `${controller}.current`))
}

/** "max" and -1 are no numbers: no limit. */
function numberOf(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null
}

/**
 * Where a run may make its groups: with version 1 beside itself, with version 2 in a group that hands the controller down already
 * (switching that on would change the machine for others).
 */
async function isWritable({ controller, version, folders }: CgroupPlace, root: string): Promise<boolean> {
  if (version === 1) return mayWrite(join(root, folders[0] ?? '/'))
  for (const folder of folders) {
    const handedDown = (await readText(join(root, folder, 'cgroup.subtree_control')) ?? '').split(/\s+/).includes(controller)
    if (handedDown && await mayWrite(join(root, folder))) return true
  }
  return false
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(() => true, () => false)
}
