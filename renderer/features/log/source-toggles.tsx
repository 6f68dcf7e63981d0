import { useLog } from '../../state/log.ts'
import { useRun } from '../../state/run.ts'
import type { LogSource } from '../../../shared/run/event.ts'
import { cx } from '../../ui/cx.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { layerWords, type LayerTone } from '../../ui/layers.ts'
import { groupedOf } from '../../ui/numbers.ts'

/** Sources that are switched together, as the marks stand in the log. */
const groups: readonly { tone: LayerTone; sources: readonly LogSource[] }[] = [
  { tone: 'client', sources: ['client'] }, { tone: 'network', sources: ['network'] }, { tone: 'proxy', sources: ['proxy'] }, { tone: 'gateway', sources: ['gateway'] },
  { tone: 'connector', sources: ['connector'] }, { tone: 'python', sources: ['wrapper', 'stdout', 'stderr'] }, { tone: 'os', sources: ['os', 'platform', 'cutoff'] },
]

/** Who wrote how much; a press hides or shows their lines. Sources that wrote nothing are not offered. */
export function SourceToggles({ onToggle }: { onToggle: (sources: readonly LogSource[]) => void }) {
  const counts = useRun((state) => state.logCounts)
  const hidden = useLog((log) => log.hiddenSources)
  return (
    <div className="sources" role="group" aria-label="Sources">
      {groups.map(({ tone, sources }) => {
        const count = sources.reduce((sum, source) => sum + (counts[source] ?? 0), 0)
        const off = sources.some((source) => hidden.includes(source))
        if (count === 0 && !off) return null
        return (
          <button key={tone} type="button" className={cx('source', off && 'source-off')} aria-pressed={!off} title={off ? `Show ${layerWords[tone]}` : `Hide ${layerWords[tone]}`} onClick={() => onToggle(sources)}>
            <LayerMark tone={tone} muted={off} /><span className="source-name">{layerWords[tone]} </span><small className="num">{groupedOf(count)}</small>
          </button>
        )
      })}
    </div>
  )
}
