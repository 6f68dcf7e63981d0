import * as v from 'valibot'
import { runPlan } from '../../bridge/schemas.ts'
import { isJsonValue } from '../../bridge/json-value.ts'
import { layerIds, stageIds } from '../../flow/layers.ts'
import { isTextOf } from '../../run/exact-json.ts'
import type { JsonValue } from '../../run/plan.ts'
import type { RunRecord } from '../../run/record.ts'
import { causes } from '../../verdict/causes.ts'
import { stackStates } from './event-schema.ts'

const num = v.pipe(v.number(), v.finite())
const nullable = v.nullable
const frame = v.looseObject({ file: v.string(), line: num, function: v.string() })
const unit = v.picklist(['ms', 'bytes', 'millicores', 'count'])

const place = { file: v.string(), line: num, function: v.string(), selfMs: num, ownMs: num, totalMs: num, computingMs: num, waitingMs: num }
const stacks = v.looseObject({
  rate: num, gotRate: num, method: v.picklist(['external', 'thread', 'off']), off: nullable(v.string()), samples: num, torn: num, lost: num,
  split: v.looseObject({ computingMs: num, waitingMs: num, byState: v.record(v.picklist(stackStates), num) }),
  lines: v.array(v.looseObject({ ...place, source: v.optional(v.string()) })), functions: v.array(v.looseObject(place)),
  lastStack: nullable(v.looseObject({ frames: v.array(frame), state: nullable(v.string()), ageMs: num, reason: v.string(), method: v.string() })),
  imports: v.array(v.looseObject({ module: v.string(), startMs: num, selfMs: num, totalMs: num, depth: num })),
  garbage: v.looseObject({ collections: num, pausedMs: num }),
  allocations: v.array(v.looseObject({ file: v.string(), line: num, bytes: num, count: num })),
})

/** `cutoff.run/1`, as `run --json` prints it. */
export const recordSchema: v.GenericSchema<unknown, RunRecord> = v.pipe(v.looseObject({
  schema: v.literal('cutoff.run/1'),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'an id has 1 to 64 letters, digits, "_" and "-"')),
  startedAt: v.pipe(v.string(), v.check((text) => !Number.isNaN(Date.parse(text)), 'it must be a time such as 2026-01-31T12:00:00.000Z')),
  plan: runPlan,
  outcome: v.picklist(['completed', 'failed', 'cut']),
  elapsedMs: num,
  stages: v.pipe(v.array(v.looseObject({ id: v.picklist(stageIds), atMs: nullable(num), detail: v.optional(v.string()) })), v.length(stageIds.length)),
  spans: v.array(v.looseObject({ id: v.string(), parentId: nullable(v.string()), layer: v.picklist(layerIds), name: v.string(), startMs: num, endMs: nullable(num), status: v.picklist(['ok', 'error', 'cut', 'canceled', 'open']) })),
  client: v.looseObject({ status: nullable(num), bytes: num, ended: v.picklist(['fin', 'rst', 'aborted', 'timeout']), error: nullable(v.string()) }),
  script: v.looseObject({
    exitCode: nullable(num), signal: nullable(v.string()), wallMs: nullable(num), cpuMs: nullable(num), maxRssBytes: nullable(num), stdoutBytes: num, stderrBytes: num, lastStack: nullable(v.array(frame)),
  }),
  limits: v.array(v.looseObject({ id: v.string(), value: nullable(num), unit, origin: v.string(), enforced: v.boolean(), deadlineMs: nullable(num), fired: v.boolean(), why_not_enforced: v.optional(v.string()) })),
  verdict: v.looseObject({
    cause: v.picklist(causes), layer: nullable(v.picklist([...layerIds, 'python'])), limitId: nullable(v.string()), atMs: nullable(num), confidence: v.pipe(num, v.minValue(0), v.maxValue(1)),
    headline: v.string(), explanation: v.string(),
    evidence: v.array(v.looseObject({ kind: v.picklist(['event', 'log', 'limit', 'reading', 'config', 'stack', 'client']), text: v.string(), ref: nullable(v.string()) })),
    alternatives: v.array(v.looseObject({ cause: v.picklist(causes), confidence: num, why_not: v.string() })),
    consequences: v.array(v.string()), fix: v.array(v.string()),
  }),
  output: v.custom<JsonValue>(isJsonValue, 'it must be a value that JSON can carry'),
  outputText: v.exactOptional(nullable(v.string())),
  log: v.looseObject({ lines: num }),
  stacks: v.optional(stacks),
}), v.forward(v.check(({ output, outputText }) => outputText == null || isTextOf(outputText, output), 'it must be JSON, and the text of the output'), ['outputText']))
