import { limitKindOf } from '../../shared/limits/catalog.ts'
import { baseUnitOf, formatValue, parseValue } from '../../shared/limits/units.ts'
import { limitsOfProfile, type Profile } from '../../shared/flow/profiles.ts'
import type { LimitSetting } from '../../shared/run/plan.ts'

/** What the user changed about one limit; a field that is missing stays as the profile has it. */
export interface LimitEdit { value?: number | null; enforced?: boolean }
export type LimitEdits = Record<string, LimitEdit>

/** A profile's limits with the user's changes; a changed value has the origin `this run`. Limits the profile does not have are added. */
export function limitsOfPlan(profile: Profile, edits: LimitEdits): LimitSetting[] {
  const limits = limitsOfProfile(profile).map((limit) => editedOf(limit, edits[limit.id]))
  for (const [id, edit] of Object.entries(edits)) {
    const kind = limitKindOf(id)
    if (!kind || limits.some((limit) => limit.id === id)) continue
    limits.push(editedOf({ id, value: null, unit: baseUnitOf[kind.kind], origin: 'not set', enforced: true }, edit))
  }
  return limits
}

function editedOf(limit: LimitSetting, edit: LimitEdit | undefined): LimitSetting {
  if (!edit) return limit
  const value = edit.value === undefined ? limit.value : edit.value
  const enforced = edit.enforced ?? limit.enforced
  return { ...limit, value, enforced, origin: value === limit.value ? limit.origin : 'this run' }
}

/** Edits without those that change nothing. */
export function changedEdits(profile: Profile, edits: LimitEdits): LimitEdits {
  const base = new Map(limitsOfProfile(profile).map((limit) => [limit.id, limit]))
  return Object.fromEntries(Object.entries(edits).filter(([id, edit]) => {
    const limit = base.get(id)
    const value = limit?.value ?? null
    return (edit.value !== undefined && edit.value !== value) || (edit.enforced !== undefined && edit.enforced !== (limit?.enforced ?? true))
  }))
}

/** What has to be changed about a profile so that its limits are exactly these. */
export function editsBetween(profile: Profile, limits: readonly LimitSetting[]): LimitEdits {
  const ids = [...new Set([...limitsOfProfile(profile), ...limits].map((limit) => limit.id))]
  return changedEdits(profile, Object.fromEntries(ids.map((id) => {
    const limit = limits.find((candidate) => candidate.id === id)
    return [id, { value: limit?.value ?? null, enforced: limit?.enforced ?? true }]
  })))
}

/** Edits as a draft keeps them: `500ms`, `off`, and `(not enforced)` behind either. */
export function draftOfEdits(edits: LimitEdits): Record<string, string> {
  const draft: Record<string, string> = {}
  for (const [id, edit] of Object.entries(edits)) {
    const kind = limitKindOf(id)
    if (!kind) continue
    const value = edit.value === undefined ? 'profile' : edit.value === null ? 'off' : formatExact(edit.value, kind.kind)
    draft[id] = edit.enforced === undefined ? value : `${value} ${edit.enforced ? '(enforced)' : '(not enforced)'}`
  }
  return draft
}

/** A value that reads back as the same number. */
function formatExact(value: number, kind: 'time' | 'bytes' | 'cpu' | 'count'): string {
  const nice = formatValue(value, baseUnitOf[kind]).replace(/\s/g, '')
  const back = parseValue(nice, kind)
  if (back.ok && back.value === value) return nice
  return { time: `${value}ms`, bytes: `${value}B`, cpu: `${value}m`, count: `${value}` }[kind]
}

/** Inverse of `draftOfEdits`, and reader of a sample's limits; what cannot be read is left out. */
export function editsOfDraft(draft: Record<string, string>): LimitEdits {
  const edits: LimitEdits = {}
  for (const [id, text] of Object.entries(draft)) {
    const kind = limitKindOf(id)
    const match = /^(.*?)\s*(\((not )?enforced\))?$/.exec(text)
    if (!kind || !match) continue
    const edit: LimitEdit = match[2] ? { enforced: match[3] === undefined } : {}
    const value = match[1] ?? ''
    if (value === 'off') edit.value = null
    else if (value !== 'profile') {
      const parsed = parseValue(value, kind.kind)
      if (!parsed.ok) continue
      edit.value = parsed.value
    }
    edits[id] = edit
  }
  return edits
}
