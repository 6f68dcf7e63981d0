import { useRun } from '../../state/run.ts'
import { useVerdict, type Judged } from '../../state/verdict.ts'
import { setView, useView } from '../../state/view.ts'
import { cx } from '../../ui/cx.ts'
import { useStages } from '../../ui/use-stages.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { clockTime, percentOf, exactMs } from '../../ui/numbers.ts'
import { Details } from './details.tsx'
import { EvidenceRow } from './evidence-row.tsx'
import { FixCard } from './fix-card.tsx'
import { RunActions } from './run-actions.tsx'
import { FlowDrawing } from './flow-drawing.tsx'
import { RunningHead, RunningNext } from './running.tsx'
import { SurvivalRow } from './survival-row.tsx'
import { CodeText } from './code-text.tsx'
import { Unbroken } from './unbroken.tsx'
import { headlineParts } from './words.ts'
import './verdict.css'

/** The answer in one sentence, first on the screen: layer, limit, origin, what it hit; then the proof and what to change. */
export function Verdict({ height }: { height: number | null }) {
  const judged = useVerdict()
  const phase = useRun((state) => state.phase)
  const look = judged ? judged.outcome : phase === 'lost' ? 'lost' : 'running'
  return (
    <section className={cx('verdict', `verdict-${look}`)} aria-label="Verdict" style={height === null ? undefined : { height, overflowY: 'auto' }}>
      {judged ? <AnswerHead judged={judged} /> : <RunningHead lost={phase === 'lost'} />}
      {/* The same drawing from the first beat to the verdict: it changes, it is not made anew. */}
      <FlowDrawing judged={judged} lost={phase === 'lost'} />
      {judged ? <AnswerMore judged={judged} /> : phase === 'lost' ? null : <RunningNext />}
    </section>
  )
}

const badges = { cut: { icon: 'scissors', word: 'Cut' }, failed: { icon: 'warning', word: 'Failed' }, completed: { icon: 'ok', word: 'Completed' } } as const

function AnswerHead({ judged: { verdict, outcome } }: { judged: Judged }) {
  const run = useRun((state) => state.run)
  const live = useRun((state) => state.phase === 'running')
  const number = useRun((state) => state.number)
  // The sentence first: what can be done with the run has a frame of its own.
  const stage = useStages(2)
  const tone = verdict.layer ? toneOf(verdict.layer) : null
  const parts = headlineParts(verdict.headline, tone)
  const badge = badges[outcome]
  const started = new Date(run.startedAt)
  return (
    <div className="verdict-grid">
      <div className="verdict-text">
        <div className="verdict-meta">
          <span className={`badge badge-${outcome}`}><Icon name={badge.icon} small />{verdict.cause === 'unknown' ? 'Unknown' : badge.word}</span>
          <span className="num nowrap">{number === null ? 'This run' : `Run ${number}`}</span>
          <span aria-hidden="true">·</span><span className="num">{exactMs(run.client?.atMs ?? run.nowMs)}</span>
          <span aria-hidden="true" className="spacious-only">·</span><span className="spacious-only">{dayAndTime(started)}</span>
          <span aria-hidden="true">·</span><span>Confidence <b className="ink-2 num">{percentOf(verdict.confidence)}</b></span>
          {live ? <span className="badge badge-running">script runs on</span> : null}
          <span className="grow" />
          {stage > 1 ? <RunActions runId={run.id} disabled={live} /> : null}
        </div>
        <h1>
          <Unbroken text={parts.before} />
          {parts.word ? <span className={cx('verdict-layer', tone && `tone-${tone}`)}>{tone ? <LayerMark tone={tone} /> : null}{parts.word}</span> : null}
          <Unbroken text={parts.after} />
        </h1>
        {verdict.explanation ? <p className="verdict-sub"><CodeText text={verdict.explanation} /></p> : null}
      </div>
      <FixCard verdict={verdict} outcome={outcome} />
    </div>
  )
}

/** Under the drawing: the proof, or what else would have been survived. */
function AnswerMore({ judged: { verdict, outcome } }: { judged: Judged }) {
  const open = useView((view) => view.detailsOpen)
  const setOpen = (detailsOpen: boolean) => setView({ detailsOpen })
  return (
    <>
      {open ? <Details verdict={verdict} onClose={() => setOpen(false)} /> : null}
      {!open && outcome === 'completed' ? <SurvivalRow /> : null}
      {!open && outcome !== 'completed' ? (
        <EvidenceRow verdict={verdict} onMore={() => setOpen(true)} />
      ) : null}
    </>
  )
}

function dayAndTime(date: Date): string {
  const time = clockTime(date)
  const today = new Date().toDateString() === date.toDateString()
  return today ? `today ${time}` : `${date.toLocaleDateString()} ${time}`
}
