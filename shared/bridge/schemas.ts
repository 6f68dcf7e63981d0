import * as v from 'valibot'
import { layerIds, mostProxies, proxyEngines } from '../flow/layers.ts'
import { isTextOf } from '../run/exact-json.ts'
import { faultActions, type FaultPlace, type JsonValue } from '../run/plan.ts'
import type { LogSource } from '../run/event.ts'
import type { CallArgs, CallName } from './contract.ts'
import { mostOtherForms } from './desk-drafts.ts'
import { mostDraftProfiles, mostDraftSettings, mostDraftTabs } from './drafts.ts'
import { isJsonValue } from './json-value.ts'

/**
 * What the engine accepts from a screen, one schema per call of the contract. A screen is trusted with nothing: sizes are bounded
 * here, far above what anybody needs and far below what hurts. A call without a schema does not compile.
 */

const KiB = 1024
const MiB = KiB * 1024

const shortText = v.pipe(v.string(), v.maxLength(4 * KiB))
const path = v.pipe(v.string(), v.nonEmpty(), v.maxLength(32 * KiB), v.check((text) => !text.includes('\0'), 'a path cannot hold a NUL character'))
const scriptText = v.pipe(v.string(), v.maxLength(8 * MiB))
const inputText = v.pipe(v.string(), v.maxLength(32 * MiB))
/** As large as the value that it stands for: a call bounds both. */
const writtenInput = v.pipe(v.string(), v.maxLength(128 * MiB))
const runId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'a run id has 1 to 64 letters, digits, "_" and "-"'))
const limitId = v.pipe(v.string(), v.regex(/^[a-z]+\d*\.[a-z_]+$/, 'a limit id looks like client.total or proxy2.read'))
const finite = v.pipe(v.number(), v.finite())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const jsonValue = v.custom<JsonValue>(isJsonValue, 'it must be a value that JSON can carry, nested at most 500 deep')

const limitTexts = v.pipe(v.record(limitId, shortText), v.check((limits) => Object.keys(limits).length <= 200, 'at most 200 limits'))

const limitSetting = v.object({
  id: limitId,
  value: v.nullable(v.pipe(finite, v.minValue(0))),
  unit: v.picklist(['ms', 'bytes', 'millicores', 'count']),
  origin: shortText,
  enforced: v.boolean(),
})

const faultPlace = v.custom<FaultPlace>((value) => typeof value === 'string' && /^(client|gateway|proxy\d{1,2})$/.test(value), 'a place is client, gateway or proxy with a number')
const faultPlan = v.object({
  text: shortText,
  action: v.picklist(faultActions),
  place: faultPlace,
  atMs: v.nullable(v.pipe(finite, v.minValue(0))),
  amount: v.nullable(v.pipe(finite, v.minValue(0))),
  jitterMs: v.nullable(v.pipe(finite, v.minValue(0))),
})

const planFields = v.object({
  script: v.object({ path: v.nullable(path), name: v.pipe(shortText, v.nonEmpty()), text: v.nullable(scriptText), onDisk: v.exactOptional(scriptText) }),
  input: jsonValue,
  inputText: v.exactOptional(writtenInput),
  case: v.exactOptional(shortText),
  profile: shortText,
  limits: v.pipe(v.array(limitSetting), v.maxLength(200)),
  proxies: v.pipe(v.array(v.picklist(proxyEngines)), v.maxLength(mostProxies)),
  faults: v.pipe(v.array(faultPlan), v.maxLength(32)),
  python: v.nullable(path),
  propagateCancel: v.boolean(),
  stacks: v.object({ rateHz: v.pipe(finite, v.minValue(0), v.maxValue(1000)), locals: v.boolean(), allocations: v.boolean() }),
})
export const runPlan = v.pipe(planFields, v.forward(v.check(({ input, inputText: text }) => text === undefined || isTextOf(text, input), 'it must be JSON, and the text of the plan’s input'), ['inputText']))

const logSources = [...layerIds.filter((id) => id !== 'script'), 'stdout', 'stderr', 'cutoff'] as const satisfies readonly LogSource[]
const logFilter = v.object({
  text: shortText,
  regex: v.boolean(),
  sources: v.nullable(v.pipe(v.array(v.picklist(logSources)), v.maxLength(logSources.length))),
  levels: v.exactOptional(v.nullable(v.pipe(v.array(v.nullable(v.picklist(['debug', 'info', 'warn', 'error']))), v.maxLength(5)))),
})
const logQuery = v.object({ runId, from: count, count: v.pipe(count, v.maxValue(10_000)), filter: v.nullable(logFilter) })

const profile = v.object({
  name: shortText, title: shortText, description: shortText, emulated: v.boolean(), proxies: planFields.entries.proxies,
  limits: v.pipe(v.array(v.object({ id: limitId, value: limitSetting.entries.value, origin: shortText, enforced: v.exactOptional(v.boolean()) })), v.maxLength(200)),
})
const draftTab = v.object({ path: v.nullable(path), name: shortText, text: scriptText, inputName: shortText, inputText, runOnSave: v.optional(v.boolean()) })
/** Part of a file's name. */
const draftWindow = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{7,63}$/, 'a window is named by 8 to 64 small letters, digits and "-"'))
const startingWindow = v.object({ window: v.nullable(draftWindow), present: v.pipe(v.array(draftWindow), v.maxLength(1000)) })
const draftSettings = { limits: limitTexts, profile: shortText, flow: v.exactOptional(v.pick(planFields, ['proxies', 'faults', 'python', 'propagateCancel', 'stacks'])) }
const draft = v.object({
  ...draftSettings, scriptPath: v.nullable(path), scriptName: shortText, scriptText, inputText,
  tabs: v.optional(v.pipe(v.array(draftTab), v.maxLength(mostDraftTabs))), active: v.optional(count),
  loadedProfiles: v.exactOptional(v.pipe(v.array(profile), v.maxLength(mostDraftProfiles))), window: v.exactOptional(draftWindow),
  takenOver: v.exactOptional(v.object({ scripts: count, settings: v.pipe(v.array(v.object(draftSettings)), v.maxLength(mostDraftSettings)), copied: v.exactOptional(v.literal(true)) })),
})
const scriptCase = v.object({ id: v.pipe(shortText, v.nonEmpty()), name: shortText, inputText, expectedText: v.nullable(inputText) })
const scriptCases = v.pipe(v.array(scriptCase), v.maxLength(1000))

const historyQuery = v.object({
  outcome: v.optional(v.nullable(v.picklist(['completed', 'failed', 'cut', 'pinned']))),
  search: v.optional(shortText),
  before: v.optional(v.nullable(count)),
  count: v.optional(v.pipe(count, v.maxValue(1000))),
})
const runIds = v.pipe(v.array(runId), v.maxLength(10_000))
const retention = v.object({ runs: v.pipe(count, v.minValue(1), v.maxValue(1_000_000)), bytes: v.pipe(count, v.minValue(MiB)) })

const exportRequest = v.object({ id: runId, format: v.pipe(v.string(), v.regex(/^[a-z]{1,20}$/, 'a format is one lower-case word')), withSecrets: v.boolean() })
/** A saved run holds its whole log. */
const savedRunText = v.pipe(v.string(), v.maxLength(256 * MiB))

const deskRole = v.picklist(['source', 'saw'])
const deskName = v.pipe(shortText, v.nonEmpty())
/** A piece of content as base64: 4 letters for 3 bytes. */
const deskPiece = v.pipe(v.string(), v.maxLength(12 * MiB), v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'a piece is base64'))
const deskText = v.pipe(v.string(), v.maxLength(32 * MiB))
const deskForms = v.object({ name: shortText, text: deskText, role: deskRole, saw: v.optional(v.record(v.pipe(v.string(), v.maxLength(40)), v.pipe(v.string(), v.maxLength(MiB)))) })
const deskDraft = v.object({ ...deskForms.entries, others: v.exactOptional(v.pipe(v.array(deskForms), v.maxLength(mostOtherForms))) })

type ArgsSchema<C extends CallName> = v.GenericSchema<unknown, CallArgs<C>>

/** Names of the arguments of every call, for error messages, and the schema of the whole list. */
export const callSchemas: { readonly [C in CallName]: { names: readonly string[]; schema: ArgsSchema<C> } } = {
  hello: { names: [], schema: v.strictTuple([]) },
  startRun: { names: ['plan'], schema: v.strictTuple([runPlan]) },
  stopRun: { names: ['runId'], schema: v.strictTuple([runId]) },
  logRows: { names: ['query'], schema: v.strictTuple([logQuery]) },
  logText: { names: ['query'], schema: v.strictTuple([v.object({ ...logQuery.entries, count, maxBytes: v.pipe(count, v.maxValue(64 * MiB)), columns: v.exactOptional(v.nullable(v.object({ zeroMs: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15 - 1e12))) }))), withSecrets: v.exactOptional(v.boolean()) })]) },
  doctor: { names: ['options'], schema: v.strictTuple([v.object({ python: v.nullable(path) })]) },
  readScript: { names: ['path'], schema: v.strictTuple([path]) },
  writeScript: { names: ['path', 'text'], schema: v.strictTuple([path, scriptText]) },
  saveDraft: { names: ['draft'], schema: v.strictTuple([draft]) },
  historyList: { names: ['query'], schema: v.strictTuple([historyQuery]) },
  historyGet: { names: ['id'], schema: v.strictTuple([runId]) },
  historyPin: { names: ['id', 'pinned'], schema: v.strictTuple([runId, v.boolean()]) },
  historyRemove: { names: ['ids'], schema: v.strictTuple([runIds]) },
  historyRestore: { names: ['ids'], schema: v.strictTuple([runIds]) },
  historyState: { names: [], schema: v.strictTuple([]) },
  setRetention: { names: ['retention'], schema: v.strictTuple([retention]) },
  exportRun: { names: ['request'], schema: v.strictTuple([exportRequest]) },
  importRun: { names: ['text'], schema: v.strictTuple([savedRunText]) },
  importRunFile: { names: ['path'], schema: v.strictTuple([path]) },
  runRecord: { names: ['runId'], schema: v.strictTuple([runId]) },
  loadCases: { names: ['script'], schema: v.strictTuple([path]) },
  saveCases: { names: ['script', 'cases', 'before'], schema: v.strictTuple([path, scriptCases, scriptCases]) },
  watchScripts: { names: ['paths'], schema: v.strictTuple([v.pipe(v.array(path), v.maxLength(100))]) },
  profiles: { names: [], schema: v.strictTuple([]) },
  readProfile: { names: ['path'], schema: v.strictTuple([path]) },
  loadDraft: { names: [], schema: v.strictTuple([]) },
  openDraft: { names: ['window'], schema: v.strictTuple([startingWindow]) },
  deskStatus: { names: [], schema: v.strictTuple([]) },
  deskResult: { names: [], schema: v.strictTuple([]) },
  deskAdd: { names: ['paths', 'role'], schema: v.strictTuple([v.pipe(v.array(path), v.maxLength(1000)), deskRole]) },
  deskBegin: { names: ['name', 'role'], schema: v.strictTuple([deskName, deskRole]) },
  deskSend: { names: ['id', 'base64'], schema: v.strictTuple([runId, deskPiece]) },
  deskFinish: { names: ['id'], schema: v.strictTuple([runId]) },
  deskPaste: { names: ['name', 'text', 'role'], schema: v.strictTuple([deskName, deskText, deskRole]) },
  deskDraft: { names: ['draft', 'window'], schema: v.strictTuple([v.nullable(deskDraft), v.nullable(draftWindow)]) },
  deskOpenDraft: { names: ['window'], schema: v.strictTuple([startingWindow]) },
  deskExample: { names: [], schema: v.strictTuple([]) },
  deskFollow: { names: ['path', 'from'], schema: v.strictTuple([path, v.picklist(['start', 'end'])]) },
  deskUnfollow: { names: ['id'], schema: v.strictTuple([runId]) },
  deskRemove: { names: ['ids'], schema: v.strictTuple([runIds]) },
  deskRestore: { names: ['ids'], schema: v.strictTuple([runIds]) },
  deskReread: { names: ['id'], schema: v.strictTuple([runId]) },
  deskCancel: { names: [], schema: v.strictTuple([]) },
  deskAsk: { names: ['question'], schema: v.strictTuple([v.object({ text: shortText, picked: v.nullable(shortText) })]) },
  deskExcerpt: { names: ['file', 'line'], schema: v.strictTuple([path, v.pipe(count, v.minValue(1))]) },
}
