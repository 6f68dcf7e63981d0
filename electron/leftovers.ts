import { readlinkSync } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Process numbers are only comparable within one namespace of them. */
const pidSpace = readPidSpace()

/**
 * A process that is killed leaves its temporary files behind. Their names carry who made them, so that a later start can tell what
 * nobody needs any more from what another Cutoff is just working with.
 */
export const ownMark = `${process.pid}_${pidSpace}`

const markPattern = /(?:^|[.-])(\d+)_([a-z0-9]+)(?=[.-]|$)/

/** The name of a temporary folder of ours, ready for `mkdtemp`: `cutoff-4711_4026531836-nginx-`. */
export function temporaryName(what: string): string {
  return `cutoff-${ownMark}-${what}-`
}

/**
 * Was this made by a process that is gone? Only said of processes of this machine and, in containers that share a folder, of this
 * container: of others nothing can be known. A reused process number keeps a leftover until that process ends too.
 */
export function isLeftBehind(name: string): boolean {
  const mark = markPattern.exec(name)
  return mark !== null && mark[2] === pidSpace && !isRunning(Number(mark[1]))
}

/** Removes what processes that are gone have left in a folder, of names that `ours` accepts. Never rejects: what stays is tried again by the next start. */
export async function removeLeftovers(folder: string, ours: RegExp): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((found) => ours.test(found) && isLeftBehind(found))) {
    const path = join(folder, name)
    const facts = await lstat(path).catch(() => null)
    // In a folder that all users share, a name proves nothing.
    if (facts && (process.getuid === undefined || facts.uid === process.getuid())) await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Temporary folders of whole processes. */
export const temporaryFolders = /^cutoff-\d+_/
/** Temporary files of `writeFileSafely`. */
export const temporaryFiles = /^\..+\.tmp$/

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function readPidSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? process.platform
  } catch {
    return process.platform
  }
}
