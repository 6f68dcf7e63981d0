import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isLocked, tryLock, type FileLock } from './file-lock.ts'

const marks = /^[0-9a-f-]{36}$/
/** A file that is younger (ms) may be one whose lock is just being taken. */
const justMadeMs = 60_000

/**
 * Tells engines that share a data folder of each other: each holds a lock of its own while it is at work. The number of a process says less:
 * after a crash it may soon be somebody else's.
 */
export function createAtWork(dataDir: string) {
  const own = randomUUID()
  const folder = join(dataDir, 'at-work')
  const fileOf = (mark: string) => join(folder, `${mark}.lock`)
  let held: Promise<FileLock | null> | null = null
  const isElsewhere = async (mark: string) => mark !== own && marks.test(mark) && isLocked(fileOf(mark))
  /** Takes away what an engine that was killed has left of its lock. */
  const forget = async (mark: string) => {
    if (mark !== own && marks.test(mark) && !await isElsewhere(mark)) await rm(fileOf(mark), { force: true }).catch(() => undefined)
  }
  return {
    /** What this engine signs its files with. Empty where no lock can be had: others take them for left behind then. */
    async mark(): Promise<string> { return await (held ??= tryLock(fileOf(own)).catch(() => null)) ? own : '' },
    /** Was this signed by another engine that is still at work? */
    isElsewhere,
    /** Is no other engine at work in this data folder? Tidies up after those that were killed. */
    async isAlone(): Promise<boolean> {
      for (const name of await readdir(folder).catch(() => [])) {
        const mark = basename(name, '.lock')
        if (await isElsewhere(mark)) return false
        if (await stat(fileOf(mark)).then(({ mtimeMs }) => Date.now() - mtimeMs > justMadeMs, () => false)) await forget(mark)
      }
      return true
    },
    forget,
    async close(): Promise<void> {
      const lock = await held
      lock?.close()
      if (lock) await rm(fileOf(own), { force: true }).catch(() => undefined)
    },
  }
}

export type AtWork = ReturnType<typeof createAtWork>
