import type { DeskDraft, DeskForms } from './desk.ts'

/** So many forms of other windows may wait in a draft. */
export const mostOtherForms = 20
/** A draft is not made longer than this (characters) by what is added to it. */
const mostCharacters = 32 * 1024 ** 2

/** Does nothing stand in the forms? */
export function areEmpty({ name, text, saw }: DeskForms): boolean {
  return name === '' && text === '' && (saw === undefined || Object.entries(saw).every(([field, value]) => field === 'observer' || value === ''))
}

export function isBlankDraft(draft: DeskDraft): boolean {
  return areEmpty(draft) && !draft.others?.length
}

/** A draft with what another one holds, to be shown instead or discarded. What is there already is not doubled. Null where both are too much for one. */
export function deskDraftWith(draft: DeskDraft, other: DeskDraft): DeskDraft | null {
  const others = [...draft.others ?? []]
  for (const forms of [formsOf(other), ...other.others ?? []]) {
    if (!areEmpty(forms) && ![draft, ...others].some((kept) => isSame(kept, forms))) others.push(forms)
  }
  const both = { ...draft, ...(others.length > 0 ? { others } : {}) }
  return others.length <= mostOtherForms && JSON.stringify(both).length <= mostCharacters ? both : null
}

/** The window's own forms, without those of others. */
export function formsOf({ name, text, role, saw }: DeskForms): DeskForms {
  return { name, text, role, ...(saw ? { saw } : {}) }
}

function isSame(one: DeskForms, other: DeskForms): boolean {
  const [first, second] = [one, other].map(({ saw }) => Object.entries(saw ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return one.name === other.name && one.text === other.text && one.role === other.role && JSON.stringify(first) === JSON.stringify(second)
}
