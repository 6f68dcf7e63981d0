import { afterAll, beforeEach, expect, test } from 'vitest'
import { clearDraft, discardForms, pasteText, setDraft, showForms, wordsOfForms } from '../../../renderer/state/desk-forms.ts'
import { noDraft, useDiagnose } from '../../../renderer/state/diagnose.ts'
import { takeBack } from '../../../renderer/state/undo.ts'

const before = useDiagnose.getInitialState()
beforeEach(() => useDiagnose.setState({ ...before, draft: noDraft, form: null }, true))
afterAll(() => useDiagnose.setState(before, true))
const draft = () => useDiagnose.getState().draft

test('a text that is pasted takes the place of no other one', () => {
  setDraft({ saw: { observer: 'http', status: '504' } })
  pasteText('first')
  setDraft({ name: 'nginx.conf' })
  pasteText('second')
  expect(draft()).toEqual({ name: '', text: 'second', role: 'source', saw: { observer: 'http', status: '504' }, others: [{ name: 'nginx.conf', text: 'first', role: 'source' }] })
  pasteText('second')
  expect(draft().others).toHaveLength(1)
})
test('what waits is shown instead of what stands there, which waits then', () => {
  pasteText('first')
  pasteText('second')
  showForms(draft().others![0]!)
  expect([draft().text, draft().others?.map(({ text }) => text), useDiagnose.getState().form]).toEqual(['first', ['second'], 'paste'])
  clearDraft('paste')
  showForms(draft().others![0]!)
  expect([draft().text, draft().others]).toEqual(['second', []])
})
test('what waits can be discarded, with a way back', () => {
  pasteText('first')
  pasteText('second')
  discardForms(draft().others![0]!)
  expect(draft().others).toEqual([])
  takeBack()
  expect(draft().others?.map(({ text }) => text)).toEqual(['first'])
})
test.each([
  [{ name: 'nginx.conf', text: 'a\nb', role: 'source' as const }, 'nginx.conf, 2 lines'],
  [{ name: '', text: 'a', role: 'source' as const, saw: { observer: 'http', status: '504' } }, 'a text, 1 line, and what was seen'],
  [{ name: '', text: '', role: 'source' as const, saw: { observer: 'process', signal: 'SIGKILL' } }, 'what was seen'],
])('%j is called %j', (forms, words) => {
  expect(wordsOfForms(forms)).toBe(words)
})
