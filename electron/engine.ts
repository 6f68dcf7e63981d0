import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PushName, Pushes } from '../shared/bridge/contract.ts'
import type { RunPlan } from '../shared/run/plan.ts'
import type { createCalls } from './engine/calls.ts'
import type { EnginePort, Push } from './hosts/engine-port.ts'
import { createQueues } from './flow/queue.ts'
import type { EndedRun, LiveRun, RunContext } from './engine/execute-run.ts'
import { dataFolder } from './data-folder.ts'
import { deskDraftsFolder, draftsFolder } from './draft-folders.ts'
import { removeLeftovers, temporaryFiles, temporaryFolders, temporaryName } from './leftovers.ts'
import type { History } from './history/history.ts'
import { findInterpreter } from './python/interpreters.ts'

/** A run under way. */
export interface RunHandle {
  readonly id: string
  /** The user's Stop: the client leaves now. Idempotent. */
  stop(): void
  /** When the client's part is over (ms of the run's clock): the moment a person would have the answer. */
  readonly answered: Promise<number>
  /** When everything of the run is over: processes gone, servers closed, log complete. */
  readonly done: Promise<EndedRun>
}

/** The hosts' side of it (calls, pushes) and what the command line asks for directly. */
export interface Engine extends EnginePort {
  /** Starts a run; rejects only for what is our own fault. */
  startRun(plan: RunPlan): Promise<RunHandle>
  /** Makes a spare interpreter ready, so that the next run starts at once. */
  warm(): Promise<void>
  /** Ends the spares: the next run is a cold one. For measuring. */
  dropSpares(): Promise<void>
}

export interface EngineOptions {
  /** `on`: runs are kept. `off`: nothing is written beyond the run. */
  history: 'on' | 'off'
  host?: 'desktop' | 'web'
  version?: string
  /** Told of a run that is not in the history, or not with its log: why, for people. */
  onNotKept?: (problem: string) => void
  /** Where history and drafts live; default the platform's data folder. */
  dataDir?: string
}

/** Ended runs whose log is still open here; older ones are read from the history. */
const runsInMemory = 16

/** Joins the subjects: flow, Python, log, history. What every host serves. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const workFolder = await mkdtemp(join(tmpdir(), temporaryName('work')))
  const listeners = new Set<(push: Push) => void>()
  const push = <P extends PushName>(name: P, value: Pushes[P]) => { for (const listener of listeners) listener({ push: name, value } as Push) }
  const queues = createQueues()
  const dataDir = options.dataDir ?? dataFolder()
  // What earlier processes left that were killed. Nothing waits for it.
  void removeLeftovers(tmpdir(), temporaryFolders)
  for (const folder of [dataDir, join(dataDir, 'cases'), join(dataDir, draftsFolder), join(dataDir, 'desk'), join(dataDir, deskDraftsFolder)]) void removeLeftovers(folder, temporaryFiles)
  // Opening costs a thread: only when a run ends, or somebody looks.
  let opened: Promise<History> | null = null
  const history = () => opened ??= import('./history/history.ts').then(({ openHistory }) => openHistory({ dir: dataDir }))
  // The flow and what starts scripts are most of the engine: a screen is greeted without them.
  let running: ReturnType<typeof loadRunning> | null = null
  const forRuns = () => running ??= loadRunning()
  // Whatever waits for something when the engine is closed begins nothing after it.
  let ended = false
  const warming = new Set<Promise<void>>()
  const makeSpare = async (): Promise<void> => {
    const found = await findInterpreter({ python: null, scriptPath: null })
    if (!found.ok || ended) return
    const { runner } = await forRuns()
    if (!ended) await runner.warm(found)
  }
  const closing: (() => Promise<void>)[] = []
  const keeping = new Set<Promise<unknown>>()
  /** Into the history, then out of memory once newer runs have come: each holds an open log. */
  const keep = async (ended: EndedRun): Promise<void> => {
    kept.set(ended.record.id, ended)
    if (options.history === 'on') {
      const added = await (await history()).add(ended, ended.log)
      if (added.problem !== null) options.onNotKept?.(added.kept ? `kept without its log: ${added.problem}` : `not kept: ${added.problem}`)
    }
    for (const [id, oldest] of kept) {
      if (kept.size <= runsInMemory) return
      kept.delete(id)
      await oldest.log.remove()
    }
  }
  const live = new Map<string, LiveRun>()
  const kept = new Map<string, EndedRun>()

  const startRun = async (plan: RunPlan): Promise<RunHandle> => {
    const { execute, runner } = await forRuns()
    if (ended) throw new Error('the engine is stopping: no run is started any more')
    const handle = await execute(plan, { workFolder, runner, queues, push, version: options.version ?? 'dev' })
    live.set(handle.id, handle)
    void handle.done.then((ended) => {
      live.delete(handle.id)
      const done = keep(ended).finally(() => keeping.delete(done))
      keeping.add(done)
    }, () => { live.delete(handle.id) })
    return handle
  }
  /** What screens ask for is loaded with the first call: the command line starts a run without it. */
  let calls: Promise<ReturnType<typeof createCalls>> | null = null
  const loadCalls = async () => (await import('./engine/calls.ts')).createCalls({ options: { ...options, dataDir }, startRun, live, kept, history, push, onClose: (act) => closing.push(act) })
  return {
    startRun,
    call: async (name, args) => (await (calls ??= loadCalls()))(name, args),
    onPush(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    async warm() {
      const made = makeSpare().finally(() => warming.delete(made))
      warming.add(made)
      await made
    },
    async dropSpares() {
      const old = running
      running = null
      await (await old)?.runner.close()
    },
    async close() {
      ended = true
      for (const handle of live.values()) handle.stop()
      // A script that nobody cancels (propagation is off) would hold us up: the runner ends what still runs.
      await Promise.allSettled([running?.then(({ runner }) => runner.close()), ...warming, ...[...live.values()].map((handle) => handle.done)])
      await Promise.allSettled(keeping)
      for (const act of closing) await act()
      if (opened) await (await opened).close()
      for (const ended of kept.values()) await ended.log.close()
      await rm(workFolder, { recursive: true, force: true })
    },
  }
}

async function loadRunning(): Promise<{ execute: (plan: RunPlan, context: RunContext) => Promise<LiveRun>; runner: RunContext['runner'] }> {
  const [{ executeRun }, { createScriptRunner }] = await Promise.all([import('./engine/execute-run.ts'), import('./python/runner.ts')])
  return { execute: executeRun, runner: createScriptRunner() }
}
