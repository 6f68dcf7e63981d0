import type { Profile } from '../flow/profiles.ts'
import type { Draft, DraftSettings, DraftTab } from './contract.ts'
import { isPlain, otherSettings, settingsOf } from './draft-settings.ts'

/** A script and an input that nobody has touched. */
export const emptyScript = 'def transform(input_data):\n    # input_data is the parsed JSON below\n    return input_data\n'
export const emptyInput = '{}'

/** So many scripts a draft may hold. */
export const mostDraftTabs = 100
/** So many profiles that did not come with the engine. */
export const mostDraftProfiles = 100
/** So many settings of other windows. */
export const mostDraftSettings = 20
/** A draft is not made longer than this (characters) by what is added to it: it has to go over the bridge with every save. */
const mostCharacters = 32 * 1024 ** 2

/** The scripts of a draft; those of older versions hold one. */
export function tabsOfDraft(draft: Draft): DraftTab[] {
  if (draft.tabs?.length) return draft.tabs
  return [{ path: draft.scriptPath, name: draft.scriptName, text: draft.scriptText, inputName: 'input.json', inputText: draft.inputText }]
}

/**
 * A draft with what another one holds: its scripts behind its own, and, to be used or discarded, its settings. What is there already is not
 * doubled, what nobody touched is not brought along; a file that is open with another text becomes a script without a file, so that saving
 * one does not replace the other. Null where both are too much for one draft.
 */
export function draftWith(draft: Draft, other: Draft): Draft | null {
  const tabs = [...tabsOfDraft(draft)]
  const own = tabs.length
  for (const tab of tabsOfDraft(other)) {
    if (isUntouched(tab) || tabs.some((kept) => isSame(kept, tab))) continue
    tabs.push(tab.path !== null && tabs.some(({ path }) => path === tab.path) ? { ...tab, path: null, runOnSave: false } : tab)
  }
  const { loadedProfiles, settings: theirs } = profilesWith(draft, other)
  const scripts = (draft.takenOver?.scripts ?? 0) + tabs.length - own
  const settings = otherSettings(draft, draft.takenOver?.settings ?? [], theirs)
  const { takenOver: _, ...rest } = draft
  const both: Draft = { ...rest, tabs, active: draft.active ?? 0, loadedProfiles, ...(scripts > 0 || settings.length > 0 ? { takenOver: { ...draft.takenOver, scripts, settings } } : {}) }
  return tabs.length <= mostDraftTabs && loadedProfiles.length <= mostDraftProfiles && settings.length <= mostDraftSettings && JSON.stringify(both).length <= mostCharacters ? both : null
}

/** Does a draft hold nothing that anybody has typed, loaded or set? */
export function isBlank(draft: Draft): boolean {
  return isPlain(draft) && !draft.loadedProfiles?.length && draft.takenOver === undefined && tabsOfDraft(draft).every(isUntouched)
}

/** The profiles of both, and the settings of the other one. A name that means something else already is not taken: theirs gets a new one, in its settings as well. */
function profilesWith(draft: Draft, other: Draft): { loadedProfiles: Profile[]; settings: DraftSettings[] } {
  const loadedProfiles = [...draft.loadedProfiles ?? []]
  const meant = new Set([draft, ...draft.takenOver?.settings ?? []].map(({ profile }) => profile).concat(loadedProfiles.map(({ name }) => name)))
  const nameHere = new Map<string, string>()
  for (const profile of other.loadedProfiles ?? []) {
    const same = loadedProfiles.find((known) => isNameOf(profile.name, known.name) && contentOf(known) === contentOf(profile))
    const name = same?.name ?? (meant.has(profile.name) ? freeName(profile.name, meant) : profile.name)
    nameHere.set(profile.name, name)
    meant.add(name)
    if (!same) loadedProfiles.push({ ...profile, name })
  }
  const settings = [other, ...other.takenOver?.settings ?? []].map((theirs) => ({ ...settingsOf(theirs), profile: nameHere.get(theirs.profile) ?? theirs.profile }))
  return { loadedProfiles, settings }
}

/** Is `name` the one that `freeName` made of `of`, or that one itself? */
function isNameOf(of: string, name: string): boolean {
  return name === of || name.startsWith(`${of} (`)
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`
}

function contentOf({ name: _, ...profile }: Profile): string {
  return JSON.stringify(profile)
}

function isUntouched({ path, text, inputText }: DraftTab): boolean {
  return path === null && text === emptyScript && inputText === emptyInput
}

function isSame(one: DraftTab, other: DraftTab): boolean {
  return one.text === other.text && one.inputText === other.inputText && one.name === other.name && (one.path === other.path || one.path === null || other.path === null)
}
