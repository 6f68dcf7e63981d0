import type { DatabaseSync } from 'node:sqlite'
import type { HistoryState } from '../../shared/run/history.ts'
import { isDamage, isForeignSchema, openStore, setAside, sqliteCodeOf } from './open-store.ts'
import { createRunStore, type RunStore } from './run-store.ts'
import { salvageRuns } from './salvage.ts'

/** What runs on the history's thread: the store, opened, mended when it is damaged, off when it cannot be had. */
export interface GuardedStore {
  readonly state: HistoryState
  /** Does one piece of work on the store. Throws a sentence where it cannot be done. */
  use<T>(work: (store: RunStore) => T): T
  close(): void
}

export function openGuardedStore(dir: string, now: () => Date = () => new Date()): GuardedStore {
  let db: DatabaseSync | null = null
  let store: RunStore | null = null
  let state: HistoryState = { on: true, notice: null }

  function open(): void {
    try {
      db = openStore(dir)
      store = createRunStore(db)
    } catch (error) {
      db?.close()
      db = null
      store = null
      if (isDamage(error) || isForeignSchema(error)) return mend(error)
      state = { on: false, reason: reasonOf(error, dir) }
    }
  }

  /** Damage is set aside and what can be read of it is carried over; once, since a second time the disk itself is to blame. */
  function mend(error: unknown): void {
    if (state.on && state.notice !== null) {
      state = { on: false, reason: `the history in ${dir} is damaged again right after it was mended (${messageOf(error)}): check the disk` }
      return
    }
    try {
      db?.close()
      db = null
      store = null
      const aside = setAside(dir, now())
      db = openStore(dir)
      const { saved, lost } = salvageRuns(aside, db)
      store = createRunStore(db)
      state = { on: true, notice: `The history could not be read (${messageOf(error)}). It was set aside as ${aside}; ${saved} ${saved === 1 ? 'run was' : 'runs were'} carried over${lost > 0 ? `, ${lost} could not be read` : ''}.` }
    } catch (second) {
      state = { on: false, reason: reasonOf(second, dir) }
    }
  }

  open()
  return {
    get state() { return state },
    use(work) {
      if (!store) throw new Error(state.on ? 'the history is closed' : state.reason)
      try {
        return work(store)
      } catch (error) {
        if (!isDamage(error)) throw new Error(reasonOf(error, dir), { cause: error })
        mend(error)
        if (!store) throw new Error(state.on ? 'the history is closed' : state.reason, { cause: error })
        return work(store)
      }
    },
    close() {
      store = null
      db?.close()
      db = null
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What went wrong and what to do, for people. */
function reasonOf(error: unknown, dir: string): string {
  const code = sqliteCodeOf(error)
  const what = messageOf(error)
  if (code === 13 || what.includes('ENOSPC')) return `the history in ${dir} cannot be written: the disk is full; free some space`
  if (code === 8 || code === 14 || /EACCES|EROFS|EPERM|ENOTDIR/.test(what)) return `the history in ${dir} cannot be written (${what}): check the folder's permissions, or set CUTOFF_DATA_DIR to another one`
  if (code === 5) return `the history in ${dir} is in use by another process for too long: try again`
  if (code === 19) return 'this run is in the history already'
  return code === null ? what : `the history in ${dir} failed: ${what}`
}
