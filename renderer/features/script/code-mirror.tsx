import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, keymap } from '@codemirror/view'
import { useEffect, useRef, type RefObject } from 'react'
import { codeColours, editorTheme } from './theme.ts'

interface CodeMirrorProps {
  /** Name for assistive technology. */
  label: string
  text: string
  onText: (text: string) => void
  /** Language, gutters, lint: fixed for the life of the editor. */
  extensions: Extension
  viewRef?: RefObject<EditorView | null>
}

/** A code editor. The text belongs to the caller; what is typed is reported, what comes from outside replaces the text. */
export function CodeMirror({ label, text, onText, extensions, viewRef }: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const report = useRef(onText)
  report.current = onText

  useEffect(() => {
    const parent = host.current
    if (!parent) return undefined
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          history(), drawSelection(), highlightSpecialChars(), indentOnInput(), bracketMatching(), highlightSelectionMatches(), indentUnit.of('    '),
          // Ctrl+Enter runs, wherever the focus is: the editor must not take it for a new line. Tab indents; Esc then Tab leaves.
          keymap.of([...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter'), ...searchKeymap, ...historyKeymap, indentWithTab]),
          editorTheme, codeColours, EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => { if (update.docChanged) report.current(update.state.doc.toString()) }),
          extensions,
        ],
      }),
    })
    view.current = editor
    if (viewRef) viewRef.current = editor
    return () => { editor.destroy(); view.current = null; if (viewRef) viewRef.current = null }
    // The editor lives as long as its component; its text follows below.
  }, [label, extensions, viewRef])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  return <div className="code-mirror" ref={host} />
}
