import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Why a package could not be had, in one sentence; null when it is there. */
export type Problem = string | null

/** What came of fetching the lists of packages, which is done once. */
let lists: { problem: Problem } | null = null

export function isDebian(): boolean {
  return process.platform === 'linux' && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

/**
 * Installs Debian packages for the whole machine; for root only. The services that some of them bring (nginx, haproxy) are
 * kept from starting, by Debian's own means: a policy that answers 101, "not allowed".
 */
export function installDebianPackages(packages: readonly string[]): Problem {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    // An update that fails is not fatal by itself: the lists that are there may do.
    lists ??= { problem: apt(['update', '-q']) }
    const install = apt(['install', '-q', '-y', '--no-install-recommends', ...packages])
    return install && [install, lists.problem].filter(Boolean).join('; ')
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

/** Runs apt-get without questions; its last words where it fails. */
export function apt(args: readonly string[], timeoutMs = 600_000): Problem {
  const run = spawnSync('apt-get', args, { encoding: 'utf8', timeout: timeoutMs, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] })
  if (run.status === 0) return null
  const last = (run.stderr ?? '').split('\n').filter((line) => line.startsWith('E:')).at(-1) ?? run.error?.message ?? `status ${run.status}`
  return `apt-get ${args.includes('update') ? 'update' : 'install'} failed: ${last}`
}
