import { counted } from '../../../shared/text/counted.ts'
import { useEffect, useRef } from 'react'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { announce } from '../../state/announcer.ts'
import { useBeat, useClock } from '../../state/clock.ts'
import { retryEngine } from '../../state/engine.ts'
import { useRun } from '../../state/run.ts'
import { stacksOf } from '../../state/stacks.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { clockTime, tickingMs } from '../../ui/numbers.ts'
import { lostAlready, nextLimits, type NextLimit } from './next-limits.ts'
import { effectOf, NextRow } from './next-row.tsx'
import { runningWords } from './running-words.ts'

/** While a run goes on: where it is, and what would happen next. */
export function RunningHead({ lost }: { lost: boolean }) {
  const run = useRun((state) => state.run)
  useBeat()
  const startedAt = useRun((state) => state.run.startedAt)
  const nowMs = useClock((clock) => clock.nowMs)
  const next = nextLimits(run, nowMs)
  const here = stacksOf(run).segments.at(-1)
  const words = runningWords(run, nowMs, here, next)
  useWarning(next)
  return (
    <div className="verdict-grid">
      <div className="verdict-text">
        <div className="verdict-meta">
          {lost ? <span className="badge badge-failed"><Icon name="warning" small />Engine stopped</span> : <span className="badge badge-running"><i className="dot dot-live" />Running</span>}
          <span className="num">{tickingMs(nowMs)}</span>
          {startedAt ? <><span aria-hidden="true">·</span><span>started {clockTime(new Date(startedAt))}</span></> : null}
        </div>
        {lost ? <h1>The engine stopped while this run went on.</h1> : (
          <h1>{words.before}<span className={`verdict-layer tone-${words.tone}`}><LayerMark tone={words.tone} />{words.word}</span>{words.after} {words.next}<span className="is-running num nowrap">{words.nextIn}</span>.</h1>
        )}
        <p className="verdict-sub">{lost ? 'What it had reported until then is below. What you typed is kept.' : subOf(run, next, nowMs)}</p>
      </div>
      {lost ? (
        <aside className="fix" aria-label="What to do"><h2>What to do</h2><p>Start Cutoff again if it does not come back by itself, then run again.</p><div className="row fix-actions"><button type="button" className="btn btn-sm" onClick={retryEngine}>Connect again</button></div></aside>
      ) : <NextCard next={next} />}
    </div>
  )
}

/** What each of the next limits would do. */
export function RunningNext() {
  const run = useRun((state) => state.run)
  useBeat()
  const next = nextLimits(run, useClock((clock) => clock.nowMs))
  return next.length > 0 ? <NextRow next={next} /> : null
}

function NextCard({ next }: { next: readonly NextLimit[] }) {
  const first = next[0]
  if (!first) return null
  const together = next.filter((limit) => limit.atMs - first.atMs < 50)
  return (
    <aside className="fix" aria-label="What would happen next">
      <h2>If it runs past {first.value}</h2>
      {together.map((limit) => <p key={limit.limitId}><b>{limit.limitId}</b> {effectOf(limit)}.</p>)}
    </aside>
  )
}

/** The next limit is announced once, five seconds before it passes. */
function useWarning(next: readonly NextLimit[]) {
  const told = useRef<string | null>(null)
  const first = next[0]
  useEffect(() => {
    if (!first || first.inMs > 5000 || first.inMs < 1000 || told.current === first.limitId) return
    told.current = first.limitId
    announce(`${first.limitId} passes in ${counted(Math.round(first.inMs / 1000), 'second')}`)
  }, [first])
}

function subOf(run: Run, next: readonly NextLimit[], nowMs: number): string {
  const first = next[0]
  const together = first ? next.filter((limit) => limit.atMs - first.atMs < 50) : []
  const second = next[together.length]
  const lost = lostAlready(run, nowMs)
  if (lost) return `The answer is already lost: ${lost.limitId} passed at ${formatMs(Math.round(lost.atMs))}. The client will get an empty reply when the script ends.`
  if (!first) return 'Every clock that could end this request is off or done.'
  if (run.client) return 'Nobody waits for the answer any more.'
  return second ? `After ${together.map((limit) => limit.limitId).join(' and ')} comes ${second.limitId}, ${second.value}.` : together.length > 1 ? 'No other limit would end it.' : `${first.limitId} is the only limit left that would end it.`
}
