import { formatBytes } from '../limits/units.ts'
import type { Run } from '../run/fold-run.ts'
import { isOwnFile } from '../stacks/own-file.ts'
import type { Cause } from './causes.ts'
import type { Verdict } from './verdict.ts'
import { lineWords } from './words.ts'

const causesForMemory: ReadonlySet<Cause> = new Set<Cause>(['os.address_space', 'os.oom_kill', 'platform.memory'])
const mostLines = 3

/** For a cut for memory: which of the script's own lines held it, where allocations were traced; else that tracing would tell, and what it costs. */
export function withMemoryHeld(run: Run, verdict: Verdict): Verdict {
  if (!causesForMemory.has(verdict.cause)) return verdict
  const traced = run.events.findLast((event) => event.type === 'allocations')
  if (traced?.type !== 'allocations') {
    if (run.plan?.stacks.allocations) return verdict
    return { ...verdict, fix: [...verdict.fix, 'To see which lines hold the memory, trace allocations (--allocations): the script gets several times slower and heavier for it.'] }
  }
  const own = heavyLines(traced.lines).filter((line) => isOwnFile(run.plan?.script, line.file)).slice(0, mostLines)
  const held = own.map((line) => `${lineWords(run, line)} held ${formatBytes(line.bytes)} in ${line.count} ${line.count === 1 ? 'block' : 'blocks'}`)
  return { ...verdict, evidence: [...verdict.evidence, ...held.map((text) => ({ kind: 'event' as const, text, ref: `event:${traced.seq}` }))] }
}

/** Those of the lines, the largest first, that hold at least a hundredth of what the first one holds. */
export function heavyLines<Line extends { bytes: number }>(lines: readonly Line[]): Line[] {
  return lines.filter((line) => line.bytes >= (lines[0]?.bytes ?? 0) / 100)
}
