import { join } from 'node:path'
import type { RunEvent } from '../../shared/run/event.ts'
import { eventFormatVersion } from '../../shared/run/event.ts'
import type { HistoryPage, HistoryQuery, HistoryState, KeptRun, Retention } from '../../shared/run/history.ts'
import type { RunRecord } from '../../shared/run/record.ts'
import { historyMoreWordsOf, historyRowOf, historyWordsOf } from '../../shared/run/to-history-row.ts'
import { upgradeEvents } from '../../shared/run/upgrade-events.ts'
import type { StoredLog } from '../log/log-store.ts'
import { createKeptLogs } from './kept-logs.ts'
import { startStore } from './store-client.ts'

/** What was removed can be brought back for this long; after that the next clearing takes it. */
const undoMs = 10 * 60_000

export type AddResult =
  /** `problem`: something of it could not be kept (its log). */
  | { kept: true; number: number; problem: string | null }
  | { kept: false; problem: string }

/** Every run, kept. Calls reject with a sentence that can be shown; `add` never rejects, for a run must not fail for its history. */
export interface History {
  readonly state: HistoryState
  add(run: { record: RunRecord; events: readonly RunEvent[] }, log: StoredLog | null): Promise<AddResult>
  list(query: HistoryQuery): Promise<HistoryPage>
  get(id: string): Promise<KeptRun | null>
  /** The log of a kept run, to be closed by the caller; null when none was kept. */
  openLog(id: string): Promise<StoredLog | null>
  pin(id: string, pinned: boolean): Promise<boolean>
  /** Takes runs out of the list; `restore` brings them back for ten minutes. Returns the ids that were there. */
  remove(ids: readonly string[]): Promise<string[]>
  restore(ids: readonly string[]): Promise<string[]>
  retention(): Promise<Retention>
  /** Sets what stays, and takes the rest out of the list; `restore` brings it back for ten minutes. Returns the ids. */
  setRetention(retention: Retention): Promise<string[]>
  /** Clears away what need not stay. Returns how many runs went. */
  prune(): Promise<number>
  close(): Promise<void>
}

/** Opens the history in a data folder. Never rejects: where it cannot be had it is off, and `state` says why. */
export async function openHistory({ dir }: { dir: string }): Promise<History> {
  const folder = join(dir, 'history')
  const store = await startStore(folder)
  const logs = createKeptLogs(folder)

  /** Why the last run that ended is not in the history; null when it is. */
  let missed: string | null = null

  async function keep({ record, events }: Parameters<History['add']>[0], log: StoredLog | null): Promise<AddResult> {
    // One that is off may be had by now; asking it anything tells.
    if (!store.state.on) await store.call('retention').catch(() => null)
    if (!store.state.on) return { kept: false, problem: store.state.reason }
    if (!isFolderName(record.id)) return { kept: false, problem: `a run with the id "${record.id}" cannot be kept: ids are letters, digits, - and _` }
    const packed = await logs.keep(record.id, log)
    try {
      const number = await store.call('add', {
        row: historyRowOf(record), words: historyWordsOf(record, events), moreWords: `${historyMoreWordsOf(record, events)}\n${packed.words}`, eventFormat: eventFormatVersion,
        recordJson: JSON.stringify(record), eventsJson: JSON.stringify(events), logBytes: packed.bytes,
      })
      await logs.settle(record.id)
      // What need not stay any more can also go next time.
      await prune().catch(() => 0)
      missed = packed.problem === null ? null : `The last run was kept without its log: ${packed.problem}`
      return { kept: true, number, problem: packed.problem }
    } catch (error) {
      const there = await store.call('get', record.id).catch(() => null)
      await (there ? logs.settle(record.id) : logs.remove([record.id]))
      const problem = error instanceof Error ? error.message : String(error)
      if (!there) missed = `The last run was not kept: ${problem}`
      return { kept: false, problem }
    }
  }

  async function prune(): Promise<number> {
    const gone = await store.call('prune', new Date(Date.now() - undoMs).toISOString())
    await logs.remove(gone)
    return gone.length
  }

  // Nothing depends on either; the next opening tries again.
  if (store.state.on) void prune().then(() => logs.removeOrphans(() => store.call('ids'))).catch(() => {})
  return {
    get state(): HistoryState {
      const { state } = store
      return state.on && missed !== null ? { on: true, notice: missed } : state
    },
    add: keep,
    list: (query) => store.call('list', query),
    async get(id) {
      const run = await store.call('get', id)
      if (!run) return null
      const events = upgradeEvents(JSON.parse(run.eventsJson), run.eventFormat)
      return { number: run.number, pinned: run.pinned, record: JSON.parse(run.recordJson) as RunRecord, events, eventFormat: eventFormatVersion }
    },
    openLog: async (id) => isFolderName(id) ? logs.open(id) : null,
    pin: (id, pinned) => store.call('pin', id, pinned),
    remove: (ids) => store.call('remove', ids, new Date().toISOString()),
    restore: (ids) => store.call('restore', ids),
    retention: () => store.call('retention'),
    setRetention: (retention) => store.call('setRetention', retention, new Date().toISOString()),
    prune,
    close: () => store.close(),
  }
}

/** Ids name folders: nothing that leads out of the history. */
function isFolderName(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id)
}
