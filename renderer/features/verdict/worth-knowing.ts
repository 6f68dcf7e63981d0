import type { Run } from '../../../shared/run/fold-run.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { effortOf } from '../../state/effort.ts'
import type { Stacks } from '../../state/stacks.ts'
import { percentOf } from '../../ui/numbers.ts'
import { counted } from '../../../shared/text/counted.ts'

/** What is worth knowing about a run that completed: measured facts only; null when there is nothing to tell. */
export function worthKnowing(run: Run, stacks: Stacks): string | null {
  const sentences: string[] = []
  const elapsed = run.client?.atMs ?? run.nowMs
  const start = run.spans.find((span) => span.id === 'python.interpreter' && span.endMs !== null)
  const startMs = start?.endMs == null ? 0 : start.endMs - start.startMs
  if (startMs > elapsed / 2 && startMs > 20) sentences.push(`Starting Python took ${formatMs(Math.round(startMs))} of the ${formatMs(Math.round(elapsed))}; the script itself is not what is slow.`)
  const heaviest = [...stacks.lineMs].toSorted((a, b) => b[1] - a[1])[0]
  const total = [...stacks.lineMs.values()].reduce((sum, ms) => sum + ms, 0)
  if (heaviest && total > 20 && heaviest[1] / total > 0.3) sentences.push(`Line ${heaviest[0]} takes ${percentOf(heaviest[1] / total)} of the time sampled (${formatMs(Math.round(heaviest[1]))}${togetherWords(stacks)}, from ${counted(stacks.samples, 'sample')}).`)
  const cpu = cpuWords(run, stacks)
  if (cpu) sentences.push(cpu)
  return sentences.length > 0 ? sentences.join(' ') : null
}

/** Times of threads that went on side by side are added up, and may be more than the run took. */
function togetherWords({ threads, processes }: Stacks): string {
  if (threads < 2) return ''
  return ` over ${processes < 2 ? counted(threads, 'thread') : processes === threads ? counted(processes, 'process', 'processes') : `${counted(threads, 'thread')} of ${counted(processes, 'process', 'processes')}`} together`
}

/** Waiting or computing: told only where transform() is most of the run, since the start of Python is neither. */
function cpuWords(run: Run, stacks: Stacks): string | null {
  const exit = run.exit?.exit
  const transform = run.spans.find((span) => span.id === 'python.transform' && span.endMs !== null)
  const transformMs = transform?.endMs == null ? 0 : transform.endMs - transform.startMs
  if (!exit || exit.cpuMs === null || transformMs < 20 || transformMs < exit.wallMs / 2) return null
  const measured = `${formatMs(Math.round(exit.cpuMs))} of CPU in ${formatMs(Math.round(exit.wallMs))}`
  switch (effortOf(exit.cpuMs, exit.wallMs, stacks)) {
    case 'waiting': return `It waits, it does not compute: ${measured}.`
    case 'computing': return `It computes nearly all the time: ${measured}.`
    case 'starved': return `It computes, but got only ${measured}: the machine was busy with other things.`
    case 'mixed': return `${measured}.`
  }
}
