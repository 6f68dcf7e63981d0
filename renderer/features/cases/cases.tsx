import { useEffect } from 'react'
import { addCase, casesKeyOf, readCases, runCases, stopCases, useCases } from '../../state/cases.ts'
import { loadCasesFiles, saveCasesFile } from '../../state/cases-files.ts'
import { useEngine } from '../../state/engine.ts'
import { activeTab, usePlan } from '../../state/plan.ts'
import { Icon } from '../../ui/icon.tsx'
import { CaseItem } from './case-item.tsx'
import { SeriesPanel } from './series-panel.tsx'
import './cases.css'

/** Named inputs with what should come of them, and how the script's time spreads when it is run many times. */
export function Cases() {
  const name = usePlan((state) => activeTab(state).name)
  const script = usePlan((state) => casesKeyOf(activeTab(state)))
  const { cases, results, problem } = useCases()
  const ready = useEngine((state) => state.phase === 'ready')
  useEffect(() => { if (ready) void readCases() }, [script, ready])
  const running = Object.values(results).some((result) => result.state === 'running')
  const passed = cases.filter((item) => results[item.id]?.state === 'passed').length
  const done = cases.filter((item) => results[item.id] && results[item.id]?.state !== 'running').length
  return (
    <section className="plan-pane" aria-label="Cases">
      <div className="head">
        <h2>Cases</h2><span className="dim clip">{done > 0 ? `${passed} of ${done} passed` : name}</span><span className="grow" />
        {running
          ? <button type="button" className="btn btn-sm" onClick={stopCases}><Icon name="stop" small />Stop</button>
          : <button type="button" className="btn btn-sm" disabled={cases.length === 0 || !ready} onClick={() => void runCases()}><Icon name="play" small />Run all</button>}
        <button type="button" className="btn btn-sm btn-ghost" onClick={() => void addCase()}><Icon name="plus" small />Add</button>
      </div>
      <div className="scroll-y">
        {problem ? <div className="notice notice-problem" role="alert"><Icon name="warning" /><p>{problem}</p></div> : null}
        {cases.length === 0 && !problem ? <p className="cases-none dim">A case is an input with a name and, if you like, what transform should return for it. Add takes the input on the screen, and the output of the last run.</p> : null}
        <ul>{cases.map((item) => <CaseItem key={item.id} item={item} result={results[item.id] ?? null} />)}</ul>
        <div className="row cases-files">
          <button type="button" className="btn btn-sm" disabled={!ready || problem !== null} onClick={() => void loadCasesFiles()}><Icon name="folder" small />Load cases</button>
          <button type="button" className="btn btn-sm" disabled={cases.length === 0} onClick={saveCasesFile}><Icon name="save" small />Save cases</button>
        </div>
        <SeriesPanel />
      </div>
    </section>
  )
}
