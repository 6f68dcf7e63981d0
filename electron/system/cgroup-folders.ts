import { posix } from 'node:path'

export const cgroupControllers = ['memory', 'cpu', 'pids'] as const
export type CgroupController = (typeof cgroupControllers)[number]

/** Where this process stands in the hierarchy of one controller: its own folder, and every folder around it up to the mount point. */
export interface CgroupPlace { controller: CgroupController; version: 1 | 2; folders: string[] }

/**
 * Finds a process's control groups from the text of `/proc/self/cgroup` and `/proc/self/mountinfo`. A controller that version 1
 * has mounted is not in version 2. In a container the path may lie outside of what is mounted; then the mount point is the group.
 */
export function cgroupPlacesOf(own: string, mountinfo: string): CgroupPlace[] {
  const paths = ownPathsOf(own)
  const mounts = mountinfo.split('\n').flatMap(parseMount)
  return cgroupControllers.flatMap((controller): CgroupPlace[] => {
    const v1 = mounts.find((mount) => mount.type === 'cgroup' && mount.options.includes(controller))
    const path1 = paths.get(controller)
    if (v1 && path1 !== undefined) return [{ controller, version: 1, folders: foldersOf(v1, path1) }]
    const v2 = mounts.find((mount) => mount.type === 'cgroup2')
    const path2 = paths.get('')
    return v2 && path2 !== undefined ? [{ controller, version: 2, folders: foldersOf(v2, path2) }] : []
  })
}

interface Mount { root: string; point: string; type: string; options: string[] }

/** Fields of proc(5): `36 35 98:0 /root /point rw,opts - type source super,options`. */
function parseMount(line: string): Mount[] {
  const [before = '', after = ''] = line.split(' - ')
  const [, , , root, point] = before.split(' ')
  const [type, , options] = after.split(' ')
  if (root === undefined || point === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return []
  return [{ root: unescaped(root), point: unescaped(point), type, options: (options ?? '').split(',') }]
}

/** Blanks and the like are written in octal. */
function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** `4:memory:/a/b` lines; the path of version 2 stands under the empty name. */
function ownPathsOf(own: string): Map<string, string> {
  const paths = new Map<string, string>()
  for (const line of own.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line)
    for (const name of (match?.[1] ?? '').split(',')) if (match) paths.set(name, match[2] ?? '/')
  }
  return paths
}

function foldersOf({ root, point }: Mount, path: string): string[] {
  const inside = posix.relative(root, path)
  // A path that leads out of the namespace begins with `/..`; `relative` would take the dots for nothing.
  const own = inside.startsWith('..') || path.startsWith('/..') ? point : posix.join(point, inside)
  const folders: string[] = []
  for (let folder = own; folder.length >= point.length; folder = posix.dirname(folder)) {
    folders.push(folder)
    if (folder === point) break
  }
  return folders
}
