import { json } from '@codemirror/lang-json'
import { linter } from '@codemirror/lint'
import { lineNumbers, EditorView } from '@codemirror/view'
import { parseInput } from '../../../shared/run/parse-input.ts'
import { CodeMirror } from './code-mirror.tsx'

/** Mistakes of the JSON, where they are. */
const jsonLint = linter((view) => {
  const parsed = parseInput(view.state.doc.toString())
  if (parsed.ok) return []
  const from = Math.min(parsed.offset, view.state.doc.length)
  return [{ from, to: Math.min(from + 1, view.state.doc.length), severity: 'error', message: parsed.problem }]
}, { delay: 250 })

const extensions = [lineNumbers(), json(), jsonLint, EditorView.contentAttributes.of({ 'aria-multiline': 'true' })]

/** The request's body, as the tab has it. */
export function InputEditor({ tabId, text, onText }: { tabId: string; text: string; onText: (text: string) => void }) {
  return <CodeMirror keptAs={`${tabId} input`} label="Input" text={text} onText={onText} extensions={extensions} />
}
