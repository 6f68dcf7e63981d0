import { useEffect } from 'react'
import type { Hello } from '../../../shared/bridge/contract.ts'
import { layerOfCause } from '../../../shared/verdict/causes.ts'
import { isCause } from '../../../shared/verdict/is-cause.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { startRun } from '../../state/run.ts'
import { openSample } from '../../state/samples.ts'
import { openScriptFiles } from '../../state/files.ts'
import { addTab, usePlan } from '../../state/plan.ts'
import { retryEngine, useEngine } from '../../state/engine.ts'
import { readSystem, useSystem } from '../../state/system.ts'
import { setView, useView } from '../../state/view.ts'
import { afterPaint } from '../../ui/after-paint.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.tsx'
import { ariaKeys, Keys } from '../../ui/keys.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import './start.css'

type Sample = Hello['samples'][number]
/** Samples shown with their sentence; the others by name, so that the machine's state stays in sight. */
const largeCards = 6

/** Before the first run: what this is, samples named after surprises, and what this machine can enforce. */
export function Start() {
  const samples = useEngine((state) => state.hello?.samples) ?? []
  const name = usePlan((state) => state.tabs.find((tab) => tab.id === state.activeId)?.name)
  const lost = useEngine((state) => state.phase === 'lost')
  return (
    <section className="start" aria-label="Start">
      {lost ? <LostNotice /> : null}
      <h1>Find what cut your request off.</h1>
      <p className="start-lead">Cutoff sends your script through a real client, gateway, connector and Python on this machine, enforces every limit for real, and tells you which one ended it. Nothing leaves this computer.</p>
      <h2>Start with a sample <span className="dim">each opens script, input and limits; nothing runs until you press Run</span></h2>
      <div className="start-cards">{samples.slice(0, largeCards).map((sample) => <SampleCard key={sample.id} sample={sample} open={sample.name === name} />)}</div>
      <div className="start-cards">{samples.slice(largeCards).map((sample) => <SampleCard key={sample.id} sample={sample} open={sample.name === name} small />)}</div>
      <h2>Or bring your own</h2>
      <div className="row start-actions">
        <button type="button" className="btn" onClick={() => void openScriptFiles()}><Icon name="folder" />Open a script <Keys keys="Mod+O" /></button>
        <button type="button" className="btn" onClick={() => { addTab(); setView({ pane: 'script' }) }}><Icon name="code" />New script</button>
        <button type="button" className="btn" aria-keyshortcuts={ariaKeys('Alt+6')} onClick={() => setView({ pane: 'diagnose' })}><Icon name="diagnose" />It died in production <Keys keys="Alt+6" /></button>
        <span className="dim">or drop a .py or .json anywhere</span>
      </div>
      <Machine />
    </section>
  )
}

function LostNotice() {
  return <div className="notice notice-problem start-lost" role="alert"><Icon name="warning" /><p><b>The engine has stopped.</b> What you typed is kept here. Start Cutoff again; this page connects by itself.</p><button type="button" className="btn btn-sm" onClick={retryEngine}>Connect again</button></div>
}

/** A drawing for what a sample shows, by its tag. */
function iconOf(tag: string): IconName {
  if (tag === 'none') return 'ok'
  if (tag.startsWith('script.')) return 'bug'
  if (tag.startsWith('os.')) return 'bars'
  if (tag === 'gateway.write') return 'swap'
  if (tag.startsWith('connector.queue')) return 'stack'
  return tag.startsWith('client.') ? 'scissors' : 'alarm'
}

function SampleCard({ sample, open, small = false }: { sample: Sample; open: boolean; small?: boolean }) {
  const layer = limitKindOf(sample.tag)?.layer ?? (isCause(sample.tag) ? layerOfCause(sample.tag) : null)
  return (
    <button type="button" className={cx('card', 'start-card', small && 'start-small', open && 'start-card-on')} title={small ? `${sample.title}: ${sample.about}` : undefined} onClick={() => openSample(sample)} onDoubleClick={() => { openSample(sample); void startRun() }}>
      <b><Icon name={iconOf(sample.tag)} small={small} /><span className="clip">{sample.title}</span></b>
      {small ? null : <p>{sample.about}</p>}
      <span className="start-tag">{layer ? <LayerMark tone={toneOf(layer)} /> : null}<span className={small ? 'sr-only' : undefined}>{sample.tag === 'none' ? 'nothing is cut' : sample.tag}</span></span>
    </button>
  )
}

/** What matters of the machine before it matters. */
function Machine() {
  const { readings, tookMs, error } = useSystem()
  const paneOpen = useView((view) => view.pane === 'system')
  const ready = useEngine((state) => state.phase === 'ready')
  // It starts programs: not in the way of the first paint.
  useEffect(() => (ready ? afterPaint(() => void readSystem()) : undefined), [ready])
  const wanted = ['python', 'limits', 'memory', 'cgroup', 'tools'] as const
  const items = readings?.readings.filter((item) => item.id !== 'tool.electron' && (item.state !== 'ok' || (wanted as readonly string[]).includes(item.group))) ?? []
  const shown = [...items.filter((item) => item.state !== 'ok'), ...items.filter((item) => item.state === 'ok')].slice(0, 6)
  return (
    <section aria-label={paneOpen ? 'This machine' : 'System'}>
      <h2>This machine <span className="dim num">{tookMs === null ? 'being checked…' : `checked in ${(tookMs / 1000).toFixed(1)} s`}</span></h2>
      {error ? <p className="is-cut">{error.message}</p> : null}
      {shown.map((item) => (
        <div key={item.id} className="start-check">
          <span className={item.state === 'ok' ? 'is-ok' : item.state === 'warning' ? 'is-warn' : 'is-cut'}><Icon name={item.state === 'ok' ? 'ok' : 'warning'} /><span className="sr-only">{item.state}</span></span>
          <span>{item.label}</span><span className="ink-2 clip" title={`${item.value} ${item.advice ?? ''}`}>{item.value}{item.advice ? `: ${item.advice}` : ''}</span>
        </div>
      ))}
      {readings ? <button type="button" className="link start-more" onClick={() => setView({ pane: 'system' })}>All {readings.readings.length} readings</button> : null}
    </section>
  )
}
