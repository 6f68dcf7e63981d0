import { python } from '@codemirror/lang-python'
import { EditorView } from '@codemirror/view'
import { useEffect, useMemo, useRef } from 'react'
import type { ScriptTab } from '../../state/plan.ts'
import { useSlowRun } from '../../state/clock.ts'
import { usePointer } from '../../state/pointer.ts'
import { useRun } from '../../state/run.ts'
import { tabOfRun, useScriptLine } from '../../state/script-line.ts'
import { stacksOf } from '../../state/stacks.ts'
import { judgeRun } from '../../state/verdict.ts'
import { useView } from '../../state/view.ts'
import { useSame } from '../../ui/use-same.ts'
import { CodeMirror } from './code-mirror.tsx'
import { markGutters, showMarks } from './mark-extensions.ts'
import { areSameMarks, runMarks, type RunMarks } from './run-marks.ts'
import { pythonLint } from './python-lint.ts'

const noMarks: RunMarks = { lines: new Map(), note: null }
const extensions = [markGutters(), python(), pythonLint]

/** The script, with what the run said about its lines. */
export function ScriptEditor({ tab, onText }: { tab: ScriptTab; onText: (text: string) => void }) {
  const view = useRef<EditorView | null>(null)
  const run = useRun((state) => state.run)
  const { version, live } = useSlowRun()
  const showTimes = useView((state) => state.lineTimes)
  const pointedMs = usePointer((state) => (state.hoverFrom === 'editor' ? null : state.hoverMs) ?? state.selected?.atMs ?? null)
  const mine = tabOfRun(run, { tabs: [tab] }) !== undefined
  const marks = useSame(
    useMemo(() => (mine ? runMarks(run, stacksOf(run), live, live ? null : pointedMs, judgeRun(run)?.outcome === 'cut') : noMarks), [mine, run, version, live, pointedMs]),
    areSameMarks,
  )
  useEffect(() => {
    // With the next frame, which lays the page out anyway: the editor reads its selection back from the page.
    const frame = requestAnimationFrame(() => { if (view.current) showMarks(view.current, marks, showTimes) })
    return () => cancelAnimationFrame(frame)
  }, [marks, showTimes])
  const wanted = useScriptLine((state) => (state.wanted?.tabId === tab.id ? state.wanted : null))
  useEffect(() => {
    const editor = view.current
    if (!editor || wanted === null) return
    useScriptLine.setState({ wanted: null })
    if (wanted.line > editor.state.doc.lines) return
    const { from } = editor.state.doc.line(wanted.line)
    editor.dispatch({ ...(wanted.focus ? { selection: { anchor: from } } : {}), effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    if (wanted.focus) editor.focus()
  }, [wanted])
  return <CodeMirror keptAs={`${tab.id} script`} label="Script" text={tab.text} onText={onText} extensions={extensions} viewRef={view} />
}
