import type { CallArgs, CallName, CallResult, Hello, PushName, Pushes } from '../../shared/bridge/contract.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { dataFolder } from '../data-folder.ts'
import { createAtWork } from '../at-work.ts'
import { createCases } from '../cases.ts'
import { createDrafts } from '../drafts.ts'
import { deskCalls } from './desk-calls.ts'
import type { EngineOptions, RunHandle } from '../engine.ts'
import { readScriptFile, writeScriptFile } from '../script-files.ts'
import type { History } from '../history/history.ts'
import type { StoredLog } from '../log/log-store.ts'
import { readProfileFile, readProfiles } from '../profiles.ts'
import { findInterpreter } from '../python/interpreters.ts'
import { readSamples } from '../samples.ts'
import { createScriptWatch } from '../script-watch.ts'
import { proxiesNotInstalled } from '../flow/proxy/program.ts'
import { missingPowers } from '../system/missing-powers.ts'
import type { EndedRun } from './execute-run.ts'

/** What the calls work on. */
export interface CallContext {
  options: EngineOptions
  startRun(plan: RunPlan): Promise<RunHandle>
  live: Map<string, RunHandle & { log: StoredLog }>
  kept: Map<string, EndedRun>
  /** The history, opened when it is first needed. */
  history(): Promise<History>
  push<P extends PushName>(name: P, value: Pushes[P]): void
  /** Called once when the engine ends. */
  onClose(act: () => Promise<void>): void
}

type Handlers = { [C in CallName]: (...args: CallArgs<C>) => Promise<CallResult<C>> }

/** One handler per call of the contract. A failure is an Error whose message can be shown as it is. */
export function createCalls(context: CallContext): <C extends CallName>(name: C, args: CallArgs<C>) => Promise<CallResult<C>> {
  const atWork = createAtWork(context.options.dataDir ?? dataFolder())
  const drafts = createDrafts(context.options.dataDir ?? dataFolder(), atWork)
  const cases = createCases(context.options.dataDir ?? dataFolder())
  const watch = createScriptWatch((path, text) => context.push('scriptChanged', { path, text }))
  context.onClose(async () => watch.close())
  const opened = new Map<string, StoredLog>()
  const logOf = async (runId: string): Promise<StoredLog> => {
    const log = context.live.get(runId)?.log ?? context.kept.get(runId)?.log ?? opened.get(runId) ?? await (await context.history()).openLog(runId)
    if (!log) throw new Error(`no log was kept of run ${runId}`)
    if (!context.live.has(runId) && !context.kept.has(runId)) opened.set(runId, log)
    return log
  }
  context.onClose(async () => { for (const log of opened.values()) await log.close() })
  const recordOf = async (runId: string) => (context.live.has(runId) ? null : (context.kept.get(runId)?.record ?? (await (await context.history()).get(runId))?.record ?? null))
  /** While a run goes on only what is told by name and shape. */
  const secretsOf = async (runId: string): Promise<string[]> => {
    const [record, { knownSecrets }] = await Promise.all([recordOf(runId), import('../../shared/export/known-secrets.ts')])
    return record ? knownSecrets([record.plan.input, record.output], [record.plan.script.text ?? '']) : []
  }
  const handlers: Handlers = {
    hello: () => hello(context.options),
    startRun: async (plan) => ({ runId: (await context.startRun(plan)).id }),
    stopRun: async (runId) => { context.live.get(runId)?.stop(); return null },
    logRows: async (query) => (await logOf(query.runId)).query(query),
    logText: async ({ withSecrets, ...query }) => {
      const secrets = withSecrets ? null : await secretsOf(query.runId)
      return (await logOf(query.runId)).text(secrets ? { ...query, secrets } : query)
    },
    historyList: async (query) => (await context.history()).list(query),
    historyGet: async (id) => (await context.history()).get(id),
    historyPin: async (id, pinned) => (await context.history()).pin(id, pinned),
    historyRemove: async (ids) => (await context.history()).remove(ids),
    historyRestore: async (ids) => (await context.history()).restore(ids),
    historyState: async () => {
      const history = await context.history()
      return { state: history.state, retention: history.state.on ? await history.retention() : null }
    },
    setRetention: async (retention) => (await context.history()).setRetention(retention),
    exportRun: async ({ id, format, withSecrets }) => (await keptRuns()).exportKeptRun(await context.history(), id, format, { withSecrets, version: context.options.version ?? 'dev' }),
    importRun: async (text) => (await keptRuns()).importSavedRun(await context.history(), { text }),
    importRunFile: async (path) => (await keptRuns()).importSavedRun(await context.history(), { path }),
    runRecord: recordOf,
    loadCases: (script) => cases.load(script),
    saveCases: (script, list, before) => cases.save(script, list, before),
    watchScripts: async (paths) => { watch.only(paths); return null },
    profiles: readProfiles,
    readProfile: readProfileForScreen,
    doctor: async ({ python }) => (await import('../system/doctor.ts')).readDoctor({ python }),
    readScript: (path) => readScriptFile(path),
    writeScript: async (path, text) => { await writeScriptFile(path, text); return null },
    saveDraft: (draft) => drafts.save(draft),
    loadDraft: () => drafts.load(),
    openDraft: (window) => drafts.open(window),
    ...deskCalls(context, atWork),
  }
  // The last of all: until then this engine may still write.
  context.onClose(() => atWork.close())
  return (name, args) => handlers[name](...args)
}

/** Every format of a saved run comes with it: loaded when one is asked for. */
const keptRuns = () => import('./kept-runs.ts')

async function hello(options: EngineOptions): Promise<Hello> {
  const [samples, python, missing] = await Promise.all([readSamples(), findInterpreter({ python: null, scriptPath: null }), missingPowers()])
  return {
    version: options.version ?? 'dev', host: options.host ?? 'web', platform: process.platform, samples,
    python: python.ok ? { path: python.path, version: python.version } : null, missing, notInstalled: proxiesNotInstalled(),
  }
}

async function readProfileForScreen(path: string) {
  const result = await readProfileFile(path)
  if (result.ok) return result.profile
  throw new Error(`${path} is no profile: ${result.problems.map((problem) => `line ${problem.line}: ${problem.message}${problem.hint ? ` (${problem.hint})` : ''}`).join('; ')}`)
}
