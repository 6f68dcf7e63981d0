import type { Run } from '../../../shared/run/fold-run.ts'
import type { Evidence, Verdict } from '../../../shared/verdict/verdict.ts'
import { jumpTo } from '../../state/actions.ts'
import { placeOfRef, refLabel } from '../../state/places.ts'
import { hoverAt, usePointer } from '../../state/pointer.ts'
import { useRun } from '../../state/run.ts'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.tsx'

const icons: Record<Evidence['kind'], IconName> = { event: 'signpost', log: 'lines', limit: 'flag', reading: 'bars', config: 'file', stack: 'stack', client: 'signpost' }

/** How we know, as chips that jump to their place, and who was ruled out. */
export function EvidenceRow({ verdict, onMore }: { verdict: Verdict; onMore: () => void }) {
  const [first, ...others] = verdict.alternatives
  if (verdict.evidence.length === 0 && !first) return null
  return (
    <div className="evidence">
      <span className="dim">How we know</span>
      <div className="evidence-chips">{verdict.evidence.map((item) => <EvidenceChip key={`${item.ref}${item.text}`} item={item} />)}</div>
      <button type="button" className="fold" aria-expanded={false} onClick={onMore}>
        <Icon name="chevronRight" small />{first ? <span className="clip">Ruled out: {first.cause}{others.length > 0 ? ` +${others.length}` : ''}</span> : 'Details'}
      </button>
    </div>
  )
}

function EvidenceChip({ item }: { item: Evidence }) {
  const run = useRun((state) => state.run)
  const chosen = usePointer((state) => item.ref !== null && state.selected?.ref === item.ref)
  const { ref } = item
  return (
    <button type="button" className="chip" title={item.text} aria-pressed={chosen} disabled={ref === null}
      onClick={() => { if (ref) jumpTo(ref) }} onMouseEnter={() => hoverRef(run, ref)} onMouseLeave={() => hoverAt(null, null)}>
      <Icon name={icons[item.kind]} small /><span>{item.text}</span>{ref ? <span className="ref">{refLabel(ref)}</span> : null}
    </button>
  )
}

/** Shows where a reference points, as long as the pointer is on it. */
export function hoverRef(run: Run, ref: string | null): void {
  if (ref === null) return
  const { atMs, line, limitId } = placeOfRef(run, ref)
  hoverAt(atMs, 'evidence', { line, limitId })
}

export { icons as evidenceIcons }
