import { python } from '@codemirror/lang-python'
import { EditorView } from '@codemirror/view'
import { useEffect, useMemo, useRef } from 'react'
import type { ScriptTab } from '../../state/plan.ts'
import { useClock } from '../../state/clock.ts'
import { usePointer } from '../../state/pointer.ts'
import { isLive, useRun } from '../../state/run.ts'
import { stacksOf } from '../../state/stacks.ts'
import { useVerdict } from '../../state/verdict.ts'
import { useView } from '../../state/view.ts'
import { CodeMirror } from './code-mirror.tsx'
import { markExtensions, markGutters } from './mark-extensions.ts'
import { runMarks } from './run-marks.ts'
import { pythonLint } from './python-lint.ts'

/** The gutter of signs has its place before there is anything to show, so that nothing moves when there is. */
const noMarks = markExtensions({ lines: new Map(), error: null }, false)
const extensions = [markGutters(), python(), pythonLint]

/** The script, with what the run said about its lines. */
export function ScriptEditor({ tab, onText }: { tab: ScriptTab; onText: (text: string) => void }) {
  const view = useRef<EditorView | null>(null)
  const run = useRun((state) => state.run)
  const beat = useClock((clock) => clock.slowBeat)
  const live = useRun(isLive)
  const judged = useVerdict()
  const showTimes = useView((state) => state.lineTimes)
  const pointedMs = usePointer((state) => (state.hoverFrom === 'editor' ? null : state.hoverMs))
  const mine = run.plan !== null && run.plan.script.name === tab.name && run.plan.script.path === tab.path
  const marks = useMemo(
    () => (mine ? markExtensions(runMarks(run, stacksOf(run), live, live ? null : pointedMs, judged?.outcome === 'cut'), showTimes) : noMarks),
    [mine, run, beat, live, pointedMs, judged, showTimes],
  )
  useEffect(() => {
    const onLine = (event: Event) => {
      const editor = view.current
      const { line } = (event as CustomEvent<{ line: number }>).detail
      if (!editor || line > editor.state.doc.lines) return
      const { from } = editor.state.doc.line(line)
      editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
      editor.focus()
    }
    window.addEventListener('cutoff:line', onLine)
    return () => window.removeEventListener('cutoff:line', onLine)
  }, [])
  return <CodeMirror label="Script" text={tab.text} onText={onText} extensions={extensions} marks={marks} viewRef={view} />
}
