import { Tabs } from '@mantine/core'
import { useCallback, useDeferredValue, useEffect, useState, type CSSProperties } from 'react'
import { LimitsSmall } from './features/limits/limits-small.tsx'
import { Picks } from './features/run/picks.tsx'
import { RunButton } from './features/run/run-button.tsx'
import { Start } from './features/run/start.tsx'
import { StartProblem } from './features/run/start-problem.tsx'
import { Script } from './features/script/script.tsx'
import { Chart, Timing } from './features/timing/timing.tsx'
import { Verdict } from './features/verdict/verdict.tsx'
import { ProblemNotes } from './problem-notes.tsx'
import { Rail } from './rail.tsx'
import { useShortcuts } from './shortcuts.ts'
import { StatusBar } from './status-bar.tsx'
import { TakenOverNote } from './taken-over-note.tsx'
import { ThemeButton } from './theme-button.tsx'
import { useEngine } from './state/engine.ts'
import { useHistory } from './state/history.ts'
import { useRun } from './state/run.ts'
import { paneIds, setView, useView, type PaneId } from './state/view.ts'
import { Brand } from './ui/brand.tsx'
import { DropZone } from './drop-zone.tsx'
import { Icon } from './ui/icon.tsx'
import { ariaKeys, Keys } from './ui/keys.tsx'
import { lazyPart, retryFailedParts } from './ui/lazy-part.tsx'
import { LiveRegion } from './ui/live-region.tsx'
import { HeightSplitter } from './ui/height-splitter.tsx'
import { Splitter } from './ui/splitter.tsx'
import { useMedia } from './ui/use-media.ts'
import { useStages } from './ui/use-stages.ts'

const paneWaits = <div className="head"><span className="dim">Loading…</span></div>
/** Not seen before the first run: it comes with what is fetched once the screen stands. */
const Log = lazyPart(() => import('./features/log/log.tsx').then((module) => module.Log), <div className="log-waits" />)
const Limits = lazyPart(() => import('./features/limits/limits.tsx').then((module) => module.Limits), paneWaits)
const Cases = lazyPart(() => import('./features/cases/cases.tsx').then((module) => module.Cases), paneWaits)
const History = lazyPart(() => import('./features/history/history.tsx').then((module) => module.History), paneWaits)
const Compare = lazyPart(() => import('./features/history/compare.tsx').then((module) => module.Compare))
const DiagnoseInputs = lazyPart(() => import('./features/diagnose/inputs.tsx').then((module) => module.Inputs), paneWaits)
const Diagnosis = lazyPart(() => import('./features/diagnose/diagnosis.tsx').then((module) => module.DiagnosisPane))
const System = lazyPart(() => import('./features/system/system.tsx').then((module) => module.System), paneWaits)
const Palette = lazyPart(() => import('./palette.tsx').then((module) => module.Palette))
const ShortcutHelp = lazyPart(() => import('./shortcut-help.tsx').then((module) => module.ShortcutHelp))
/** Fetched one after the other once the screen stands: what is opened later must not depend on an engine that still answers. */
const laterParts = [Chart, Log, Palette, Limits, History, Cases, System, Compare, DiagnoseInputs, Diagnosis, ShortcutHelp]

/** The screen: left the question (what you run), right the answer (what happened), in the order it is asked. */
export function App() {
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  // What was opened once stays loaded.
  const [paletteUsed, setPaletteUsed] = useState(false)
  const openPalette = useCallback(() => { setPaletteUsed(true); setPalette(true) }, [])
  // What is typed right after Ctrl+K belongs to the palette: it is there before it is asked for.
  useEffect(() => {
    requestIdleCallback(() => {
      void (async () => {
        for (const part of laterParts) { await part.load(); if (part === Palette) setPaletteUsed(true) }
        requestIdleCallback(() => { if (useRun.getState().phase === 'none') void import('./features/timing/warm-plot.tsx').then(({ warmPlot }) => warmPlot(), () => {}) })
      })()
    })
  }, [])
  const ready = useEngine((state) => state.phase === 'ready')
  useEffect(() => { if (ready) retryFailedParts() }, [ready])
  const openHelp = useCallback(() => setHelp(true), [])
  useShortcuts({ onPalette: openPalette, onHelp: openHelp })
  const pane = useView((view) => view.pane)
  const wide = pane === 'limits'
  const stored = useView((view) => (wide ? view.widePlanWidth : view.planWidth))
  const small = useMedia('(max-width: 1340px)')
  // The frame with its Run button first, what it frames in the next picture: making all of it takes three times as long.
  const framed = useStages(2) > 1
  const width = stored ?? (wide ? (small ? 560 : 640) : small ? 352 : 440)
  return (
    <Tabs value={pane} onChange={(value) => setView({ pane: value as PaneId })} orientation="vertical" unstyled keepMounted={false} className="app" style={{ '--plan-width': `${width}px` } as CSSProperties}>
      <header className="top">
        <Brand />
        <Picks />
        <span className="grow" />
        <button type="button" className="find" aria-keyshortcuts={ariaKeys('Mod+K')} onClick={openPalette}><Icon name="search" /><span className="grow">Search or command</span><Keys keys="Mod+K" /></button>
        <ThemeButton />
        <RunButton />
        <div id="popups" />
      </header>
      <Rail />
      <aside className="plan" aria-label="Plan">
        <div className="plan-panes">{framed && paneIds.map((id) => <Tabs.Panel key={id} value={id} className="plan-pane"><Pane id={id} /></Tabs.Panel>)}</div>
        <Splitter kind="col" label="Width of the plan" size={width} min={280} max={Math.max(320, window.innerWidth - 620)} onSize={(size) => setView(wide ? { widePlanWidth: size } : { planWidth: size })} />
      </aside>
      {framed ? <Answer /> : <main className="main" />}
      <StatusBar onHelp={openHelp} />
      <LiveRegion />
      <DropZone />
      <ProblemNotes />
      {paletteUsed ? <Palette opened={palette} onClose={() => setPalette(false)} /> : null}
      {help ? <ShortcutHelp opened={help} onClose={() => setHelp(false)} /> : null}
    </Tabs>
  )
}

function Pane({ id }: { id: PaneId }) {
  switch (id) {
    case 'script': return <><TakenOverNote /><Script /><LimitsSmall /></>
    case 'limits': return <><TakenOverNote /><Limits /></>
    case 'system': return <System />
    case 'cases': return <Cases />
    case 'history': return <History />
    case 'diagnose': return <DiagnoseInputs />
  }
}

function Answer() {
  // The first run takes the place of the start page in a transition: Run becomes Stop at once, however long the answer takes to draw.
  const empty = useDeferredValue(useRun((state) => state.phase === 'none'))
  const verdictHeight = useView((view) => view.verdictHeight)
  const timingHeight = useView((view) => view.timingHeight)
  const diagnosing = useView((view) => view.pane === 'diagnose')
  const comparing = useHistory((state) => state.comparing)
  return (
    <main className="main">
      <StartProblem />
      {diagnosing ? <Diagnosis /> : comparing ? <Compare /> : empty ? <Start /> : <AnswerParts verdictHeight={verdictHeight} timingHeight={timingHeight} />}
    </main>
  )
}

/** The answer from top to bottom, in the order of the questions; each part gets a frame of its own when they appear for the first time. */
function AnswerParts({ verdictHeight, timingHeight }: { verdictHeight: number | null; timingHeight: number | null }) {
  const stage = useStages(3)
  return (
    <>
      <Verdict height={verdictHeight} />
      <HeightSplitter label="Height of the verdict" of=".verdict" chosen={verdictHeight} min={90} max={560} onSize={(size) => setView({ verdictHeight: size })} />
      {stage > 1 ? <Timing height={timingHeight} /> : null}
      {stage > 1 ? <HeightSplitter label="Height of the timing chart" of=".timing" chosen={timingHeight} min={110} max={700} onSize={(size) => setView({ timingHeight: size })} /> : null}
      {stage > 2 ? <Log /> : null}
    </>
  )
}
