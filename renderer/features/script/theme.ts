import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The editor in the tokens of the screen: one theme for light and dark. */
export const editorTheme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--bg-pane)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 8px' },
  '.cm-gutters': { backgroundColor: 'var(--bg-pane)', color: 'var(--ink-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '22px', padding: '0 4px 0 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '1.5px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--focus) 26%, transparent) !important' },
  '.cm-selectionMatch': { backgroundColor: 'var(--bg-active)' },
  '.cm-matchingBracket': { backgroundColor: 'transparent !important' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--bg-active) !important', color: 'inherit !important', outline: '1px solid var(--line-control)' },
  '.cm-specialChar': { color: 'var(--cut)' },
  '.cm-panels': { backgroundColor: 'var(--bg-sunken)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panels input, .cm-panels button': { font: '12px var(--font)' },
  '.cm-tooltip': { backgroundColor: 'var(--bg-raised)', color: 'var(--ink)', border: 'none', borderRadius: '6px', boxShadow: 'var(--e-2)', fontFamily: 'var(--font)', fontSize: '12px' },
  '.cm-diagnostic': { borderLeftWidth: '3px', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--cut-line)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
})

export const codeColours = syntaxHighlighting(HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword, tags.moduleKeyword, tags.definitionKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.docString], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-number)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className), tags.propertyName], color: 'var(--code-def)' },
  { tag: tags.invalid, color: 'var(--cut)' },
]))
