import type { Draft, DraftTab } from './contract.ts'

/** A script and an input that nobody has touched. */
export const emptyScript = 'def transform(input_data):\n    # input_data is the parsed JSON below\n    return input_data\n'
export const emptyInput = '{}'

/** So many scripts a draft may hold. */
export const mostDraftTabs = 100
/** A draft is not made longer than this (characters) by what is added to it: it has to go over the bridge with every save. */
const mostCharacters = 32 * 1024 ** 2

/** The scripts of a draft; those of older versions hold one. */
export function tabsOfDraft(draft: Draft): DraftTab[] {
  if (draft.tabs?.length) return draft.tabs
  return [{ path: draft.scriptPath, name: draft.scriptName, text: draft.scriptText, inputName: 'input.json', inputText: draft.inputText }]
}

/**
 * A draft with the scripts of another one behind its own, and the profiles that were loaded for them. What is there already is not
 * doubled, what nobody touched is not brought along; a file that is open with another text becomes a script without a file, so that
 * saving one does not replace the other. Null where both are too much for one draft.
 */
export function draftWith(draft: Draft, other: Draft): Draft | null {
  const tabs = [...tabsOfDraft(draft)]
  for (const tab of tabsOfDraft(other)) {
    if (isUntouched(tab) || tabs.some((kept) => isSame(kept, tab))) continue
    tabs.push(tab.path !== null && tabs.some(({ path }) => path === tab.path) ? { ...tab, path: null, runOnSave: false } : tab)
  }
  const own = draft.loadedProfiles ?? []
  const loadedProfiles = [...own, ...(other.loadedProfiles ?? []).filter(({ name }) => !own.some((profile) => profile.name === name))].slice(0, 100)
  const both = { ...draft, tabs, active: draft.active ?? 0, loadedProfiles }
  return tabs.length <= mostDraftTabs && JSON.stringify(both).length <= mostCharacters ? both : null
}

function isUntouched({ path, text, inputText }: DraftTab): boolean {
  return path === null && text === emptyScript && inputText === emptyInput
}

function isSame(one: DraftTab, other: DraftTab): boolean {
  return one.text === other.text && one.inputText === other.inputText && one.name === other.name && (one.path === other.path || one.path === null || other.path === null)
}
