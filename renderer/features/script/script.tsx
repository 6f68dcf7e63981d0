import { lazy, Suspense } from 'react'
import { activateTab, activeTab, closeTab, openTab, newTab, setInputText, setScriptText, usePlan } from '../../state/plan.ts'
import { openScriptFiles, saveScript } from '../../state/files.ts'
import { parseInput } from '../../state/parse-input.ts'
import { offerUndo } from '../../state/undo.ts'
import { setView, useView } from '../../state/view.ts'
import { setRunOnSave, useWatch } from '../../state/watch.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { Splitter } from '../../ui/splitter.tsx'
import './script.css'

const ScriptEditor = lazy(() => import('./script-editor.tsx').then((module) => ({ default: module.ScriptEditor })))
const InputEditor = lazy(() => import('./input-editor.tsx').then((module) => ({ default: module.InputEditor })))

/** The question: the script in its tab, and the input below it. */
export function Script() {
  const tab = usePlan(activeTab)
  const inputHeight = useView((view) => view.inputHeight)
  const lineTimes = useView((view) => view.lineTimes)
  const lines = Math.min(tab.inputText.split('\n').length, 7)
  const height = inputHeight ?? 30 + 8 + Math.max(lines, 1) * 20
  return (
    <>
      <div className="head script-head">
        <ScriptTabs />
        <span className="grow" />
        {tab.path !== null && tab.text !== tab.savedText ? <button type="button" className="btn btn-sm btn-ghost" aria-keyshortcuts="Control+S" onClick={() => void saveScript()}><Icon name="save" small />Save</button> : null}
        {tab.path !== null ? <RunOnSave path={tab.path} /> : null}
        <button type="button" className="btn btn-sm btn-ghost" aria-pressed={lineTimes} title="Time per line beside the script" onClick={() => setView({ lineTimes: !lineTimes })}><Icon name="clock" small />Line time</button>
      </div>
      <div className="editor-box" key={tab.id}>
        <Suspense fallback={<PlainEditor label="Script" text={tab.text} onText={(text) => setScriptText(tab.id, text)} />}>
          <ScriptEditor tab={tab} onText={(text) => setScriptText(tab.id, text)} />
        </Suspense>
      </div>
      <Splitter kind="row" label="Height of the input" size={height} min={70} max={420} behind onSize={(size) => setView({ inputHeight: size })} />
      <div className="section input-section" style={{ height }}>
        <div className="head"><h2>Input</h2><span className="dim clip">{tab.inputName}</span><span className="grow" /><InputState text={tab.inputText} /></div>
        <div className="editor-box editor-box-input" key={tab.id}>
          <Suspense fallback={<PlainEditor label="Input" text={tab.inputText} onText={(text) => setInputText(tab.id, text)} />}>
            <InputEditor text={tab.inputText} onText={(text) => setInputText(tab.id, text)} />
          </Suspense>
        </div>
      </div>
    </>
  )
}

/** Runs the script again whenever its file is written, by this editor or another. */
function RunOnSave({ path }: { path: string }) {
  const on = useWatch((state) => state.runOnSave.includes(path))
  return <button type="button" className="btn btn-sm btn-ghost" aria-pressed={on} title="Run again when the file is saved" onClick={() => setRunOnSave(path, !on)}><Icon name="refresh" small />On save</button>
}

/** A plain field until the editor is loaded: what is typed in the first moment is not lost. */
function PlainEditor({ label, text, onText }: { label: string; text: string; onText: (text: string) => void }) {
  return <textarea className="plain-editor" aria-label={label} value={text} spellCheck={false} autoComplete="off" onChange={(event) => onText(event.currentTarget.value)} />
}

function ScriptTabs() {
  const tabs = usePlan((state) => state.tabs)
  const activeId = usePlan((state) => activeTab(state).id)
  return (
    <div className="script-tabs" role="tablist" aria-label="Scripts">
      {tabs.map((tab) => {
        const changed = tab.path !== null && tab.text !== tab.savedText
        return (
          <span key={tab.id} className={cx('script-tab', tab.id === activeId && 'script-tab-on')} role="presentation">
            <button type="button" role="tab" className="tab" aria-selected={tab.id === activeId} title={tab.path ?? 'No file yet'} onClick={() => activateTab(tab.id)}>
              <Icon name="file" small /><span className="clip">{tab.name}</span>{changed ? <i className="dot" role="img" aria-label="unsaved changes" /> : null}
            </button>
            {tabs.length > 1 ? <button type="button" className="btn btn-ghost tab-close" aria-label={`Close ${tab.name}`} onClick={() => { const undo = closeTab(tab.id); offerUndo(`${tab.name} closed`, undo) }}><Icon name="close" small /></button> : null}
          </span>
        )
      })}
      <button type="button" className="btn btn-ghost tab-new" aria-label="New script" title="New script" onClick={() => { const tab = newTab(); usePlan.setState((state) => ({ tabs: [...state.tabs, tab], activeId: tab.id })) }}><Icon name="plus" small /></button>
      <button type="button" className="btn btn-ghost tab-new" aria-label="Open a script" title="Open a script" aria-keyshortcuts="Control+O" onClick={() => void openScriptFiles(openTab)}><Icon name="folder" small /></button>
    </div>
  )
}

function InputState({ text }: { text: string }) {
  const parsed = parseInput(text)
  if (parsed.ok) return <span className="is-ok row input-state"><Icon name="ok" small />valid JSON</span>
  return <span className="is-failed row input-state" role="status" title={parsed.problem}><Icon name="warning" small /><span className="clip">line {parsed.line}, column {parsed.column}: {parsed.problem}</span></span>
}
