import { useBusy } from './state/busy.ts'
import { useClock } from './state/clock.ts'
import { retryEngine, useEngine } from './state/engine.ts'
import { useHistory } from './state/history.ts'
import { usePlan } from './state/plan.ts'
import { isLive, useRun } from './state/run.ts'
import { useView } from './state/view.ts'
import { holdMessage, takeBack, useUndo } from './state/undo.ts'
import { ariaKeys, Keys } from './ui/keys.tsx'
import { clockTime, tickingMs } from './ui/numbers.ts'

/** The engine's state, what is kept, and the few keys that matter now. */
export function StatusBar({ onHelp }: { onHelp: () => void }) {
  const live = useRun(isLive)
  const empty = useRun((state) => state.phase === 'none')
  const draftSavedAt = usePlan((state) => state.draftSavedAt)
  return (
    <footer className="status">
      <EngineState live={live} />
      <span>127.0.0.1 only, offline</span>
      {draftSavedAt ? <span className="num">Draft saved {clockTime(new Date(draftSavedAt))}</span> : null}
      <Busy />
      <UndoOffer />
      <span className="grow" />
      <span className="wide-keys"><Hints live={live} empty={empty} /></span>
      <button type="button" className="status-help" onClick={onHelp}><Keys keys="?" />all shortcuts</button>
    </footer>
  )
}

function Hints({ live, empty }: { live: boolean; empty: boolean }) {
  const diagnosing = useView((view) => view.pane === 'diagnose')
  const comparing = useHistory((state) => state.comparing && state.a !== null && state.b !== null)
  const frozen = useClock((clock) => clock.frozen)
  const hints = comparing && !diagnosing ? [['X', 'swap A and B'], ['N', 'next difference'], ['Esc', 'close']] : diagnosing && !live ? [['Mod+V', 'paste a log or configuration'], ['Mod+K', 'commands']] : live ? [['Esc', 'stop'], ['Space', frozen ? 'go on' : 'freeze the view'], ['End', 'follow']] : empty ? [['Mod+Enter', 'run'], ['Mod+O', 'open'], ['Mod+K', 'commands']] : [['Mod+Enter', 'run'], ['J', 'next event'], ['K', 'previous'], ['F', 'fit'], ['C', 'to the cut']]
  return hints.map(([keys = '', what = '']) => <span key={keys}><Keys keys={keys} />{what}</span>)
}

function EngineState({ live }: { live: boolean }) {
  const phase = useEngine((state) => state.phase)
  if (phase === 'lost') return <span className="is-cut"><i className="dot" />Engine stopped<button type="button" className="link" onClick={retryEngine}>connect again</button></span>
  if (phase === 'connecting') return <span><i className="dot" />Connecting to the engine</span>
  return live ? <Running /> : <span className="is-ok"><i className="dot" />Engine ready</span>
}

function Running() {
  const nowMs = useClock((clock) => clock.nowMs)
  const frozen = useClock((clock) => clock.frozen)
  return <span className="is-running num"><i className="dot dot-live" />{frozen ? 'Frozen' : 'Running'}, {tickingMs(nowMs)}</span>
}

/** Nobody knows how long it takes: the bar only says that something is done. */
function Busy() {
  const task = useBusy((state) => state.tasks.at(-1))
  return task ? <span className="ink-2"><span className="busy-bar" role="progressbar" aria-label={task.text}><i /></span>{task.text}</span> : null
}

function UndoOffer() {
  const { text, offered } = useUndo()
  // The region is there before its text is: only then does every screen reader tell it.
  return (
    <span className="status-message ink-2" role="status" onMouseEnter={() => holdMessage(true)} onMouseLeave={() => holdMessage(false)} onFocus={() => holdMessage(true)} onBlur={() => holdMessage(false)}>
      {text ? <span className="clip" title={text}>{text}</span> : null}{offered ? <button type="button" className="link" aria-keyshortcuts={ariaKeys('Mod+Z')} onClick={takeBack}>Undo</button> : null}
    </span>
  )
}
