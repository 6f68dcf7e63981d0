import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../process-tree.ts'

/**
 * Makes this process the one instance of its profile; false where another one lives. A second start leaves its arguments in a folder
 * that the first one watches.
 */
export function takeInstanceLock(userData: string, onSecond: (args: string[], folder: string) => void): boolean {
  const lock = join(userData, 'lock')
  const letters = join(userData, 'second-instance')
  mkdirSync(letters, { recursive: true })
  if (!takeLock(lock)) {
    const letter = join(letters, `${process.pid}.json`)
    writeFileSync(`${letter}.part`, JSON.stringify({ args: process.argv, folder: process.cwd() }))
    renameSync(`${letter}.part`, letter)
    return false
  }
  process.once('exit', () => rmSync(lock, { force: true }))
  const read = () => {
    for (const name of readdirSync(letters).filter((file) => file.endsWith('.json'))) {
      const { args, folder } = JSON.parse(readFileSync(join(letters, name), 'utf8')) as { args: string[]; folder: string }
      rmSync(join(letters, name))
      onSecond(args, folder)
    }
  }
  watch(letters, read).unref()
  read()
  return true
}

/** A lock whose process is gone, killed perhaps, is nobody's. */
function takeLock(lock: string): boolean {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return true
    } catch {
      const holder = Number(readFileSync(lock, 'utf8'))
      if (isAlive(holder)) return false
      rmSync(lock, { force: true })
    }
  }
}
