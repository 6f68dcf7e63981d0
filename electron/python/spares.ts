import { stat } from 'node:fs/promises'
import { readFileSync, statSync } from 'node:fs'
import { clockOffset, nowNs } from './clock.ts'
import { killGroup } from './harness-process.ts'
import { isFailed, type Launched } from './launched.ts'
import type { ReadyHarness } from './ready-harness.ts'

/** A spare older than this is replaced: the machine it was started on may have changed in ways nobody looks at. */
const oldestMs = 10 * 60_000
/** Linux's flag of a process that is ending. */
const exiting = 0x4

interface Spare {
  harness: ReadyHarness
  since: number
  /** Folders of installed packages with their time of change: `.pth` files are only read when Python starts. */
  sites: [path: string, changedMs: number][]
}

/** One warm harness per interpreter, for interpreters that somebody asked to keep warm. */
export interface SpareShelf {
  /** The spare of this interpreter if one is ready and still fresh; it is no longer on the shelf then. */
  take(python: string): ReadyHarness | null
  /** Puts a spare on the shelf unless there is one; settles when it is ready or has failed. */
  warm(python: string): Promise<void>
  /** Replaces a spare that was taken. */
  refill(python: string): void
  close(): Promise<void>
}

export function spareShelf(launch: (python: string) => Launched): SpareShelf {
  const wanted = new Set<string>()
  const starting = new Map<string, Promise<void>>()
  const ready = new Map<string, Spare>()
  const live = new Set<ReadyHarness>()
  let closed = false

  const discard = (harness: ReadyHarness): void => {
    harness.process.stdin.destroy() // the supervisor ends with its standard input
    killGroup(harness.process.pid)
    harness.process.release()
  }
  const start = async (python: string): Promise<void> => {
    const launchedNs = nowNs()
    const launched = launch(python)
    if (isFailed(launched)) return
    live.add(launched)
    void launched.process.exited.then(() => {
      live.delete(launched)
      if (ready.get(python)?.harness === launched) ready.delete(python)
    })
    let sites: Promise<[string, number][]> = Promise.resolve([])
    const isReady = new Promise<Spare | null>((resolve) => {
      void launched.process.exited.then(() => resolve(null))
      launched.onControl((message) => {
        if (message.e === 'ready') {
          launched.offset.ns = clockOffset(launchedNs, BigInt(message.now), nowNs())
          sites = sitesOf(message.siteFolders)
        } else if (message.e === 'prepared') void sites.then((known) => resolve({ harness: launched, since: Date.now(), sites: known }))
      })
    })
    const spare = await isReady
    if (!spare) return
    if (closed) return discard(launched)
    launched.warm = true
    ready.set(python, spare)
  }
  const warm = (python: string): Promise<void> => {
    wanted.add(python)
    if (closed || ready.has(python)) return Promise.resolve()
    const begun = starting.get(python) ?? start(python).finally(() => starting.delete(python))
    starting.set(python, begun)
    return begun
  }
  return {
    take(python) {
      const spare = ready.get(python)
      if (!spare) return null
      ready.delete(python)
      live.delete(spare.harness)
      if (isRunning(spare.harness.process.pid) && Date.now() - spare.since < oldestMs && spare.sites.every(([path, changedMs]) => changeOf(path) === changedMs)) return spare.harness
      discard(spare.harness)
      return null
    },
    warm,
    refill(python) { if (wanted.has(python)) void warm(python) },
    async close() {
      closed = true
      const all = [...live]
      for (const harness of all) discard(harness)
      ready.clear()
      await Promise.all([...starting.values(), ...all.map((harness) => harness.process.exited)])
    },
  }
}

async function sitesOf(folders: string[]): Promise<[string, number][]> {
  return Promise.all(folders.map(async (path): Promise<[string, number]> => [path, await stat(path).then((found) => found.mtimeMs, () => 0)]))
}

function changeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** A process that was killed a moment ago is still there for `kill(pid, 0)`: on its way out (`PF_EXITING`), then as a zombie; its exit event comes later. */
function isRunning(pid: number): boolean {
  try {
    // After the name in parentheses: state, parent, group, session, terminal, its group, flags.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
    return !/[ZX]/.test(fields[0] ?? 'X') && (Number(fields[6]) & exiting) === 0
  } catch { return false }
}
