import { Tabs } from '@mantine/core'
import { useEffect } from 'react'
import { isFiltered, setFilterText, setOnlyTrouble, setFollow, showWholeLog, toggleSource, useLog } from '../../state/log.ts'
import { usePointer } from '../../state/pointer.ts'
import { showResult, useResultTab, type ResultTab } from '../../state/result-tab.ts'
import { isLive, useRun } from '../../state/run.ts'
import { setView, useView } from '../../state/view.ts'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import { groupedOf } from '../../ui/numbers.ts'
import { copyAsWritten } from './copied-text.ts'
import { CopyMenu } from './copy-menu.tsx'
import { FlameView } from './flame-view.tsx'
import { LogList } from './log-list.tsx'
import { OutputView, ResponseView } from './result-views.tsx'
import { searchWords } from './search-words.ts'
import { SourceToggles } from './source-toggles.tsx'
import { TimeMenu } from './time-menu.tsx'
import './log.css'

/** What was happening then: the log, what transform returned, what the client received. */
export function Log() {
  const tab = useResultTab((state) => state.tab)
  // What is selected elsewhere is shown in the log.
  const chosen = usePointer((state) => (state.selected?.line == null ? null : state.selected.turn))
  useEffect(() => { if (chosen !== null) showResult('log') }, [chosen])
  const lines = useRun((state) => state.logLines)
  const bytes = useRun((state) => state.run.scriptResult?.bytes)
  const failed = useRun((state) => state.run.scriptError !== null)
  const status = useRun((state) => state.run.client?.status)
  return (
    <Tabs value={tab} onChange={(value) => showResult(value as ResultTab)} className="log-pane" keepMounted={false} unstyled>
      <div className="head">
        <Tabs.List className="tabs" aria-label="Log, output, response and flame graph">
          <Tabs.Tab value="log" className="tab">Log <small className="num">{groupedOf(lines)}</small></Tabs.Tab>
          <Tabs.Tab value="output" className="tab">Output <small>{failed ? 'error' : bytes === undefined ? 'none' : `${groupedOf(bytes)} B`}</small></Tabs.Tab>
          <Tabs.Tab value="response" className="tab">Response <small className="num">{status ?? 'none'}</small></Tabs.Tab>
          <Tabs.Tab value="flame" className="tab">Flame</Tabs.Tab>
        </Tabs.List>
        <span className="grow" />
        {tab === 'log' ? <LogTools onSources={(sources) => toggleSource(sources)} /> : null}
      </div>
      <Tabs.Panel value="log" className="log-panel" onCopy={copyAsWritten}><SearchState /><LogList /><FollowButton /></Tabs.Panel>
      <Tabs.Panel value="output" className="log-panel"><OutputView /></Tabs.Panel>
      <Tabs.Panel value="response" className="log-panel"><ResponseView /></Tabs.Panel>
      <Tabs.Panel value="flame" className="log-panel"><FlameView /></Tabs.Panel>
    </Tabs>
  )
}

function LogTools({ onSources }: { onSources: Parameters<typeof SourceToggles>[0]['onToggle'] }) {
  const filterText = useLog((log) => log.filterText)
  const onlyTrouble = useLog((log) => log.onlyTrouble)
  const wrap = useView((view) => view.logWrap)
  return (
    <>
      <SourceToggles onToggle={onSources} />
      <button type="button" className="btn btn-sm btn-ghost log-trouble" aria-label="Only warnings and errors" title="Only warnings and errors" aria-pressed={onlyTrouble} onClick={() => setOnlyTrouble(!onlyTrouble)}><Icon name="warning" small /></button>
      <hr className="vr" />
      <label className="find log-filter"><Icon name="search" small /><input type="search" id="log-filter" aria-label="Filter the log" aria-keyshortcuts="/" placeholder="Filter, /regex/" title="A text, or between slashes a regular expression: /like this/ or /like this/i" value={filterText} onChange={(event) => setFilterText(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Escape' && filterText !== '') { event.stopPropagation(); setFilterText('') } }} /><Keys keys="/" /></label>
      <TimeMenu />
      <button type="button" className="btn btn-sm btn-ghost" aria-label="Wrap lines" title="Wrap lines" aria-pressed={wrap} onClick={() => setView({ logWrap: !wrap })}><Icon name="wrap" small /></button>
      <CopyMenu />
    </>
  )
}

/** How far a search is, and why one was refused. */
function SearchState() {
  const { filterText, total, scanning, progress, error } = useLog()
  const filtered = useLog(isFiltered)
  if (error) return <div className="log-state is-failed" role="alert"><Icon name="warning" small />{error}</div>
  if (!filtered) return null
  const words = searchWords({ filterText, total, scanning, progress })
  return (
    <div className="log-state" role="status">
      {scanning ? <i className="dot dot-live is-running" /> : null}<span className="clip" title={words}>{words}</span>
      <button type="button" className="link" onClick={showWholeLog}>{scanning ? 'Cancel' : 'Show all'}</button>
    </div>
  )
}

function FollowButton() {
  const live = useRun(isLive)
  const follow = useLog((log) => log.follow)
  if (!live) return null
  return (
    <button type="button" className="btn log-follow" aria-pressed={follow} aria-keyshortcuts="End" onClick={() => setFollow(!follow)}>
      <Icon name="chevronDown" small />{follow ? 'Following' : 'Follow'} <Keys keys="End" />
    </button>
  )
}
