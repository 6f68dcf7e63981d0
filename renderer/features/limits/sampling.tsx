import { setPlan, usePlan } from '../../state/plan.ts'

const rates = [0, 50, 100, 200, 500, 1000]

/** What is looked at while the script runs, and what that costs. */
export function Sampling() {
  const stacks = usePlan((state) => state.stacks)
  const propagate = usePlan((state) => state.propagateCancel)
  return (
    <div className="sampling">
      <label className="switch"><input type="checkbox" role="switch" aria-checked={propagate} checked={propagate} onChange={(event) => setPlan({ propagateCancel: event.currentTarget.checked })} />A client that leaves cancels the request’s context and so kills the script</label>
      <label>Stacks, samples per second <select className="sampling-rate" value={stacks.rateHz} onChange={(event) => setPlan({ stacks: { ...stacks, rateHz: Number(event.currentTarget.value) } })}>{rates.map((rate) => <option key={rate} value={rate}>{rate === 0 ? 'off' : rate}</option>)}</select></label>
      <label className="switch"><input type="checkbox" role="switch" aria-checked={stacks.locals} checked={stacks.locals} onChange={(event) => setPlan({ stacks: { ...stacks, locals: event.currentTarget.checked } })} />Local variables at the cut (never in exports)</label>
      <label className="switch"><input type="checkbox" role="switch" aria-checked={stacks.allocations} checked={stacks.allocations} onChange={(event) => setPlan({ stacks: { ...stacks, allocations: event.currentTarget.checked } })} />Trace allocations (costs time and memory)</label>
    </div>
  )
}
