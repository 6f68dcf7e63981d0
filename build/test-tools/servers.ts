import { installDebianPackages, isDebian } from './debian-install.ts'
import { unpackDebianPackages } from './debian-unpack.ts'
import { findProgram } from './find-program.ts'

const servers = ['nginx', 'haproxy'] as const

/** The machine's own nginx and haproxy, which the proxy tests run: found or installed. Says for each what came of it. */
export function provideServers(say: (line: string) => void): void {
  const missing = servers.filter((name) => findProgram(name) === null)
  const problem = missing.length === 0 ? null : install(missing, say)
  for (const name of servers) {
    const path = findProgram(name)
    say(path ? `${name}: ${path}` : `${name}: MISSING, its tests will fail. ${problem ?? `Install ${name}.`}`)
  }
}

function install(names: readonly string[], say: (line: string) => void): string | null {
  if (!isDebian()) return `Install ${names.join(' and ')} with the package manager of this system.`
  const isRoot = process.getuid?.() === 0
  say(`${names.join(', ')}: not found, ${isRoot ? "installing Debian's packages" : "unpacking Debian's packages for this user"} ...`)
  return isRoot ? installDebianPackages(names) : unpackDebianPackages(names, names.map((command) => ({ command, path: `usr/sbin/${command}` })))
}
