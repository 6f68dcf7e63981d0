import { cx } from '../../ui/cx.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import type { Lane } from './lanes.ts'

/** Names of the lanes. */
export function Gutter({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <div className="gutter" aria-hidden="true">
      {lanes.map((lane) => (
        <div key={lane.id} className={cx('lane-name', lane.sub && 'lane-name-sub', lane.kind === 'axis' && 'dim')} style={{ height: lane.height }}>
          {lane.tone && !lane.sub ? <LayerMark tone={lane.tone} /> : null}<span>{lane.label}</span>{lane.small ? <small className="wide-only">{lane.small}</small> : null}
        </div>
      ))}
    </div>
  )
}
