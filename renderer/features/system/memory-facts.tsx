import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { pausesOf } from '../../../shared/stacks/pauses.ts'
import { goToLine } from '../../state/actions.ts'
import { isOwnFile } from '../../state/stacks.ts'
import { groupedOf } from '../../ui/numbers.ts'

/** Pauses of the garbage collector, and the lines that allocated most where that was traced. */
export function MemoryFacts({ run }: { run: Run }) {
  const pauses = pausesOf(run.events)
  const traced = run.events.findLast((event) => event.type === 'allocations')
  return (
    <>
      {pauses.count > 0 ? <div className="fact"><span>GC pauses</span><span className="strong num">{pauses.count}, {formatMs(pauses.totalMs)} in all, longest {formatMs(pauses.longestMs)}</span></div> : null}
      {traced?.type === 'allocations' ? (
        <ul className="allocations" aria-label="Lines that allocated most">
          {traced.lines.slice(0, 8).map((line) => (
            <li key={`${line.file}:${line.line}`}>
              <span className="strong num">{formatBytes(line.bytes)}</span>
              {isOwnFile(run, line.file) ? <button type="button" className="link" onClick={() => goToLine(line.line)}>line {line.line}</button> : <span className="clip" title={line.file}>{line.file.split(/[\\/]/).at(-1)}:{line.line}</span>}
              <span className="dim num">{groupedOf(line.count)} blocks</span>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
