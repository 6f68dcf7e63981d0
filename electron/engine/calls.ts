import type { CallArgs, CallName, CallResult, Hello, PushName, Pushes } from '../../shared/bridge/contract.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { dataFolder } from '../data-folder.ts'
import { createDrafts } from '../drafts.ts'
import type { EngineOptions, RunHandle } from '../engine.ts'
import { readScriptFile, writeFileSafely } from '../files.ts'
import { readProfiles } from '../profiles.ts'
import { findInterpreter } from '../python/interpreters.ts'
import { readSamples } from '../samples.ts'
import { readDoctor } from '../system/doctor.ts'
import { missingPowers } from '../system/missing-powers.ts'
import type { StoredLog } from '../log/log-store.ts'
import type { EndedRun } from './execute-run.ts'

/** What the calls work on. */
export interface CallContext {
  options: EngineOptions
  startRun(plan: RunPlan): Promise<RunHandle>
  live: Map<string, RunHandle & { log: StoredLog }>
  kept: Map<string, EndedRun>
  push<P extends PushName>(name: P, value: Pushes[P]): void
}

type Handlers = { [C in CallName]: (...args: CallArgs<C>) => Promise<CallResult<C>> }

/** One handler per call of the contract. A failure is an Error whose message can be shown as it is. */
export function createCalls(context: CallContext): <C extends CallName>(name: C, args: CallArgs<C>) => Promise<CallResult<C>> {
  const drafts = createDrafts(context.options.dataDir ?? dataFolder())
  const logOf = (runId: string): StoredLog => {
    const log = context.live.get(runId)?.log ?? context.kept.get(runId)?.log
    if (!log) throw new Error(`there is no log of run ${runId}: it belongs to an engine that has ended`)
    return log
  }
  const handlers: Handlers = {
    hello: () => hello(context.options),
    startRun: async (plan) => ({ runId: (await context.startRun(plan)).id }),
    stopRun: async (runId) => { context.live.get(runId)?.stop(); return null },
    logRows: (query) => logOf(query.runId).query(query),
    logText: (query) => logOf(query.runId).text(query),
    doctor: ({ python }) => readDoctor({ python }),
    readScript: (path) => readScriptFile(path),
    writeScript: async (path, text) => { await writeFileSafely(path, text); return null },
    saveDraft: (draft) => drafts.save(draft),
    loadDraft: () => drafts.load(),
  }
  return (name, args) => handlers[name](...args)
}

async function hello(options: EngineOptions): Promise<Hello> {
  const [samples, profiles, python, missing] = await Promise.all([readSamples(), readProfiles(), findInterpreter({ python: null, scriptPath: null }), missingPowers()])
  return {
    version: options.version ?? 'dev', host: options.host ?? 'web', platform: process.platform, samples, profiles,
    python: python.ok ? { path: python.path, version: python.version } : null, missing,
  }
}
