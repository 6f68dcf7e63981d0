import { useEffect, useRef, type KeyboardEvent } from 'react'
import { activateTab, activeTab, addTab, closeTab, openTab, setInputText, setScriptText, updateTab, usePlan, type ScriptTab } from '../../state/plan.ts'
import { openScriptFiles, saveScript } from '../../state/files.ts'
import { parseInput } from '../../../shared/run/parse-input.ts'
import { offerUndo } from '../../state/undo.ts'
import { setView, useView } from '../../state/view.ts'
import { Icon } from '../../ui/icon.tsx'
import { ariaKeys } from '../../ui/keys.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { SaveAs } from './save-as.tsx'
import { Splitter } from '../../ui/splitter.tsx'
import { useSize } from '../../ui/use-size.ts'
import './script.css'

const ScriptEditor = lazyPart(() => import('./script-editor.tsx').then((module) => module.ScriptEditor))
const InputEditor = lazyPart(() => import('./input-editor.tsx').then((module) => module.InputEditor))

/** The question: the script in its tab, and the input below it. */
export function Script() {
  const tab = usePlan(activeTab)
  // Nobody types into a script that a draft is about to replace.
  const restored = usePlan((state) => state.restored)
  useEffect(() => { void ScriptEditor.load(); void InputEditor.load() }, [])
  const inputHeight = useView((view) => view.inputHeight)
  const lineTimes = useView((view) => view.lineTimes)
  const lines = Math.min(tab.inputText.split('\n').length, 7)
  const height = inputHeight ?? 30 + 8 + Math.max(lines, 1) * 20
  return (
    <>
      <div className="head script-head">
        <ScriptTabs />
        <span className="grow" />
        {tab.path !== null && tab.text !== tab.savedText ? <button type="button" className="btn btn-sm btn-ghost" aria-keyshortcuts={ariaKeys('Mod+S')} onClick={() => void saveScript()}>Save</button> : null}
        {tab.path !== null ? <RunOnSave tab={tab} /> : null}
        <button type="button" className="btn btn-sm btn-ghost" aria-pressed={lineTimes} title="Time per line beside the script" onClick={() => setView({ lineTimes: !lineTimes })}><Icon name="clock" small /><span className={tab.path === null ? 'script-word' : 'script-word script-word-second'}>Line time</span></button>
      </div>
      {tab.path !== null && tab.runOnSave ? <p className="script-watched" role="note"><Icon name="refresh" small /><span className="clip" title={`${tab.path}, saved here or by another editor`}>Runs again when {tab.name} is saved</span><button type="button" className="link nowrap" onClick={() => updateTab(tab.id, { runOnSave: false })}>Turn off</button></p> : null}
      <div className="editor-box" key={tab.id}>
        {restored ? <ScriptEditor tab={tab} onText={(text) => setScriptText(tab.id, text)} /> : null}
      </div>
      <Splitter kind="row" label="Height of the input" size={height} min={70} max={420} behind onSize={(size) => setView({ inputHeight: size })} />
      <div className="section input-section" style={{ height }}>
        <div className="head"><h2>Input</h2><span className="dim clip">{tab.inputName}</span><span className="grow" /><InputState text={tab.inputText} /></div>
        <div className="editor-box editor-box-input" key={tab.id}>
          {restored ? <InputEditor tabId={tab.id} text={tab.inputText} onText={(text) => setInputText(tab.id, text)} /> : null}
        </div>
      </div>
    </>
  )
}

/** Runs the script again whenever its file is written, by this editor or another. */
function RunOnSave({ tab: { id, runOnSave } }: { tab: ScriptTab }) {
  return <button type="button" className="btn btn-sm btn-ghost" aria-pressed={runOnSave} title="Run again when the file is saved" onClick={() => updateTab(id, { runOnSave: !runOnSave })}><Icon name="refresh" small /><span className="script-word script-word-second">On save</span></button>
}

function ScriptTabs() {
  const tabs = usePlan((state) => state.tabs)
  const activeId = usePlan((state) => activeTab(state).id)
  const active = tabs.find((tab) => tab.id === activeId)
  const list = useRef<HTMLDivElement>(null)
  const { width } = useSize(list)
  useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) }, [activeId, tabs.length, width])
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const next = step === undefined ? undefined : tabs[(tabs.findIndex((tab) => tab.id === activeId) + step + tabs.length) % tabs.length]
    if (!next) return
    event.preventDefault()
    activateTab(next.id)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[tabs.indexOf(next)]?.focus()
  }
  return (
    <>
      <div className="script-tabs" role="tablist" aria-label="Scripts" ref={list}>
        {tabs.map((tab) => (
          <button key={tab.id} type="button" role="tab" className="tab" aria-selected={tab.id === activeId} tabIndex={tab.id === activeId ? 0 : -1} title={tab.path ?? 'No file yet'} onClick={() => activateTab(tab.id)} onKeyDown={onKeyDown}>
            <Icon name="file" small /><span className="clip">{tab.name}</span>{tab.path !== null && tab.text !== tab.savedText ? <i className="dot" role="img" aria-label="unsaved changes" /> : null}
          </button>
        ))}
      </div>
      {tabs.length > 1 && active ? <button type="button" className="btn btn-ghost tab-new" aria-label={`Close ${active.name}`} title={`Close ${active.name}`} onClick={() => { const undo = closeTab(active.id); offerUndo(`${active.name} closed`, undo) }}><Icon name="close" small /></button> : null}
      <button type="button" className="btn btn-ghost tab-new" aria-label="New script" title="New script" onClick={() => addTab()}><Icon name="plus" small /></button>
      <button type="button" className="btn btn-ghost tab-new" aria-label="Open a script" title="Open a script" aria-keyshortcuts={ariaKeys('Mod+O')} onClick={() => void openScriptFiles(openTab)}><Icon name="folder" small /></button>
      {active ? <SaveAs tab={active} /> : null}
    </>
  )
}

function InputState({ text }: { text: string }) {
  const parsed = parseInput(text)
  if (parsed.ok) return <span className="is-ok row input-state"><Icon name="ok" small />valid JSON</span>
  return <span className="is-failed row input-state" role="status" title={parsed.problem}><Icon name="warning" small /><span className="clip">line {parsed.line}, column {parsed.column}: {parsed.problem}</span></span>
}
