import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, keymap } from '@codemirror/view'
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import { keepEditor, keptEditor } from './kept-editors.ts'
import { codeColours, editorTheme } from './theme.ts'

interface CodeMirrorProps {
  /** One editor and one tab: what can be undone, selection and scroll place are found again under it. */
  keptAs: string
  /** Name for assistive technology. */
  label: string
  text: string
  onText: (text: string) => void
  /** Language, gutters, lint: fixed for the life of the editor. */
  extensions: Extension
  viewRef?: RefObject<EditorView | null>
}

/** A code editor. The text belongs to the caller; what is typed is reported, what comes from outside replaces the text and can be undone. */
export function CodeMirror({ keptAs, label, text, onText, extensions, viewRef }: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const report = useRef(onText)
  report.current = onText

  // A layout effect: its end comes while the editor is still in the page and knows where it is scrolled to.
  useLayoutEffect(() => {
    const parent = host.current
    if (!parent) return undefined
    const before = keptEditor(keptAs)
    const editor = new EditorView({
      parent,
      state: before?.state ?? stateOf(text, label, extensions),
      ...(before ? { scrollTo: before.scroll } : {}),
      // Not a listener in the state: the state outlives this component, and the next one reports to another caller.
      dispatchTransactions(transactions, own) {
        own.update(transactions)
        if (transactions.some((transaction) => transaction.docChanged)) report.current(own.state.doc.toString())
      },
    })
    view.current = editor
    if (viewRef) viewRef.current = editor
    return () => {
      keepEditor(keptAs, { state: editor.state, scroll: editor.scrollSnapshot() })
      editor.destroy()
      view.current = null
      if (viewRef) viewRef.current = null
    }
    // The editor lives as long as its component; its text follows below.
  }, [keptAs, label, extensions, viewRef])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === text) return
    // A step of its own: undoing it brings back what was replaced, and nothing older.
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, annotations: isolateHistory.of('full') })
  }, [text])

  return <div className="code-mirror" ref={host} />
}

function stateOf(text: string, label: string, extensions: Extension): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      history(), drawSelection(), highlightSpecialChars(), indentOnInput(), bracketMatching(), highlightSelectionMatches(), indentUnit.of('    '),
      // Ctrl+Enter runs, wherever the focus is: the editor must not take it for a new line. Tab indents; Esc then Tab leaves.
      keymap.of([...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...searchKeymap, ...historyKeymap, indentWithTab]),
      editorTheme, codeColours, EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      extensions,
    ],
  })
}
