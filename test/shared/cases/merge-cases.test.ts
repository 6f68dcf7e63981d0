import { expect, test } from 'vitest'
import { mergeCases } from '../../../shared/cases/merge-cases.ts'
import type { ScriptCase } from '../../../shared/cases/script-case.ts'

const of = (id: string, inputText = '{}'): ScriptCase => ({ id, name: id, inputText, expectedText: null })
const merged = (before: ScriptCase[], ours: ScriptCase[], theirs: ScriptCase[]) => mergeCases({ before, ours, theirs, newId: () => 'new' })

test.each([
  ['what nobody has changed stays', [of('a')], [of('a')], [of('a')], [of('a')]],
  ['what either added is there', [of('a')], [of('a'), of('b')], [of('a'), of('c')], [of('a'), of('b'), of('c')]],
  ['what either removed is gone', [of('a'), of('b'), of('c')], [of('a'), of('c')], [of('b'), of('c')], [of('c')]],
  ['what either changed is changed', [of('a'), of('b')], [of('a', '1'), of('b')], [of('a'), of('b', '2')], [of('a', '1'), of('b', '2')]],
  ['what one removed and the other changed stays', [of('a'), of('b')], [of('a', '1')], [of('b', '2')], [of('a', '1'), of('b', '2')]],
  ['what both changed is there twice', [of('a')], [of('a', '1'), of('b')], [of('a', '2')], [of('a', '1'), { ...of('a', '2'), id: 'new' }, of('b')]],
  ['what both changed alike is there once', [of('a')], [of('a', '1')], [of('a', '1')], [of('a', '1')]],
  ['what one removed and brought back is there, where it was', [of('b')], [of('a'), of('b')], [of('b')], [of('a'), of('b')]],
])('%s', (_, before, ours, theirs, expected) => {
  expect(merged(before, ours, theirs)).toEqual(expected)
})
