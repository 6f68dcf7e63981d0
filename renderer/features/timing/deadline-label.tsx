import type { DeadlineGroup, DeadlineMark } from './deadlines.ts'
import type { Lane } from './lanes.ts'
import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'

/** `write 30 s`; what is idle is struck through, with the reason behind it. */
function wordsOf(mark: DeadlineMark): string {
  return `${mark.name} ${mark.value}`
}

export function deadlineLabelWidth(marks: readonly DeadlineMark[], notes = true): number {
  return marks.reduce((width, mark) => width + textWidth(wordsOf(mark)) + (notes && mark.state === 'idle' && mark.note ? textWidth(` ${mark.note}`) : 0) + 10, 0)
}

/** Names of the deadlines that stand at one place of a lane. */
export function DeadlineLabel({ group, lane }: { group: DeadlineGroup; lane: Lane }) {
  const right = group.side === 'right'
  // The names alone where the reasons do not fit; one name where the others do not.
  const notes = deadlineLabelWidth(group.marks) <= group.room + 4
  const width = deadlineLabelWidth(group.marks, notes)
  const middle = lane.top + lane.height / 2 + 4
  // Pending ones first: they are what is still to come.
  const marks = group.marks.toSorted((a, b) => Number(a.state === 'idle') - Number(b.state === 'idle'))
  if (width > group.room + 4) {
    const first = marks[0]
    const text = first ? (textWidth(wordsOf(first)) <= group.room ? wordsOf(first) : textWidth(first.value) <= group.room ? first.value : fitText(first.name, group.room)) : ''
    return text ? <text className={`deadline-label deadline-label-${first?.state}`} x={group.x + (right ? 5 : -5)} y={middle} textAnchor={right ? 'start' : 'end'} textDecoration={first?.state === 'idle' ? 'line-through' : undefined}>{text}</text> : null
  }
  return (
    <text className="deadline-label" x={group.x + (right ? 5 : -5)} y={middle} textAnchor={right ? 'start' : 'end'}>
      {marks.map((mark, index) => (
        <tspan key={mark.limitId} dx={index === 0 ? 0 : 10} className={`deadline-label-${mark.state}`}>
          {mark.state === 'idle' ? <><tspan textDecoration="line-through">{wordsOf(mark)}</tspan>{notes && mark.note ? ` ${mark.note}` : ''}</> : wordsOf(mark)}
        </tspan>
      ))}
    </text>
  )
}
