import { useBeat, useClock } from '../../state/clock.ts'
import { useRun } from '../../state/run.ts'
import type { Judged } from '../../state/verdict.ts'
import { cx } from '../../ui/cx.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { tickingMs } from '../../ui/numbers.ts'
import { CodeText } from './code-text.tsx'
import { hereOf, liveWords } from './flow-live.ts'
import { flowSteps } from './flow-steps.ts'

/** The flow as six nodes: who is culprit (ring), what each did and when, and the way the cancel took (red arrows); without a verdict, where the request is and what ends each layer next. */
export function FlowDrawing({ judged, lost }: { judged: Judged | null; /** the engine stopped while the run went on */ lost: boolean }) {
  const run = useRun((state) => state.run)
  useBeat()
  const nowMs = useClock((clock) => clock.nowMs)
  const here = judged ? null : hereOf(run)
  const live = judged || lost ? {} : liveWords(run, nowMs)
  const steps = flowSteps(run, judged)
  const ring = judged?.outcome === 'failed' ? 'flow-ring-failed' : 'flow-ring-cut'
  return (
    <ol className="flow" aria-label="Flow of the request">
      {steps.map((step, index) => (
        <li key={step.node} className={cx('flow-step', `tone-${step.node}`, step.absent && 'flow-absent', step.culprit && ring, here === step.node && 'flow-ring-running', step.cancels && 'flow-cancels')}>
          <span className="flow-node"><LayerMark tone={step.node} muted={step.absent} />{step.node}</span>
          {index < steps.length - 1 && !steps[index + 1]?.absent ? <svg className="flow-arrow" viewBox="0 0 9 10" aria-hidden="true"><path d="M0 0 9 5 0 10z" /></svg> : null}
          <div className={cx('flow-what', step.culprit && judged?.outcome === 'cut' && 'flow-what-cut')}>
            <span className={step.culprit ? 'strong' : undefined}><CodeText text={step.what} /></span><br />
            <span className="num">{judged || step.absent ? step.when : live[step.node] ?? (step.node === 'client' ? tickingMs(nowMs) : step.when)}</span>
          </div>
        </li>
      ))}
    </ol>
  )
}
