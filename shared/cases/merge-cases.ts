import type { ScriptCase } from './script-case.ts'

/**
 * What a list of cases becomes that two have changed since `before`: what either added, changed or removed is so afterwards. Of a case that
 * both have changed there are two then, theirs under an id from `newId`; one that the other has changed is not removed. Ours come first.
 */
export function mergeCases({ before, ours, theirs, newId }: { before: readonly ScriptCase[]; ours: readonly ScriptCase[]; theirs: readonly ScriptCase[]; newId: () => string }): ScriptCase[] {
  const [was, mine, other] = [byId(before), byId(ours), byId(theirs)]
  const kept = ours.flatMap((item): ScriptCase[] => {
    const [old, their] = [was.get(item.id), other.get(item.id)]
    const isOurs = old === undefined || !isSame(old, item)
    if (their === undefined) return isOurs ? [item] : []
    if (!isOurs) return [their]
    return isSame(their, item) || (old && isSame(their, old)) ? [item] : [item, { ...their, id: newId() }]
  })
  const added = theirs.filter((item) => {
    const old = was.get(item.id)
    return !mine.has(item.id) && (old === undefined || !isSame(old, item))
  })
  return [...kept, ...added]
}

function byId(cases: readonly ScriptCase[]): ReadonlyMap<string, ScriptCase> {
  return new Map(cases.map((item) => [item.id, item]))
}

function isSame(one: ScriptCase, other: ScriptCase): boolean {
  return one.name === other.name && one.inputText === other.inputText && one.expectedText === other.expectedText
}
