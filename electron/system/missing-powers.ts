import { readCgroup } from './read-cgroup.ts'

/** Limits that this machine or platform cannot hold a script to, each with the reason. Empty = all of them. */
export async function missingPowers(platform: NodeJS.Platform = process.platform, root = process.getuid?.() === 0): Promise<{ limitId: string; reason: string }[]> {
  if (platform !== 'linux') return powersWithoutLinux(platform)
  const { writable, version } = await readCgroup()
  const because = version === null ? 'there are no control groups here' : 'this user is handed down no control group here'
  return [
    ...(writable.includes('memory') ? [] : [{ limitId: 'os.memory', reason: `${because}: memory of the tree cannot be capped by the kernel` }]),
    ...(root && !writable.includes('pids') ? [{ limitId: 'os.processes', reason: 'the kernel does not hold root to RLIMIT_NPROC, and there is no pids control group to use instead' }] : []),
  ]
}

/** What stays without the kernel interfaces of Linux. Windows has no `resource` module at all. */
export function powersWithoutLinux(platform: NodeJS.Platform): { limitId: string; reason: string }[] {
  const group = (ids: string[], reason: string) => ids.map((limitId) => ({ limitId, reason }))
  if (platform === 'win32') {
    return [...group(['os.address_space', 'os.cpu_time', 'os.open_files', 'os.processes', 'os.file_size'], 'Windows has no setrlimit'), ...group(['os.cpu_share', 'os.memory'], 'Windows has no control groups')]
  }
  return [...group(['os.address_space'], `${platform} accepts RLIMIT_AS and does not enforce it`), ...group(['os.cpu_share', 'os.memory'], `${platform} has no control groups`)]
}
