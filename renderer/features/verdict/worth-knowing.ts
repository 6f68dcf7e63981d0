import type { Run } from '../../../shared/run/fold-run.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Stacks } from '../../state/stacks.ts'
import { percentOf } from '../../ui/numbers.ts'

/** What is worth knowing about a run that completed: measured facts only; null when there is nothing to tell. */
export function worthKnowing(run: Run, stacks: Stacks): string | null {
  const exit = run.exit?.exit
  const sentences: string[] = []
  const heaviest = [...stacks.lineMs].toSorted((a, b) => b[1] - a[1])[0]
  const total = [...stacks.lineMs.values()].reduce((sum, ms) => sum + ms, 0)
  if (heaviest && total > 20 && heaviest[1] / total > 0.3) sentences.push(`Line ${heaviest[0]} takes ${percentOf(heaviest[1] / total)} of the script’s time (${formatMs(Math.round(heaviest[1]))}, from ${stacks.samples} samples).`)
  if (exit && exit.cpuMs !== null && exit.wallMs > 20) {
    const share = exit.cpuMs / exit.wallMs
    sentences.push(share < 0.25 ? `It waits, it does not compute: ${formatMs(Math.round(exit.cpuMs))} of CPU in ${formatMs(Math.round(exit.wallMs))}.` : share > 0.8 ? `It computes nearly all the time: ${formatMs(Math.round(exit.cpuMs))} of CPU in ${formatMs(Math.round(exit.wallMs))}.` : `${formatMs(Math.round(exit.cpuMs))} of CPU in ${formatMs(Math.round(exit.wallMs))}.`)
  }
  return sentences.length > 0 ? sentences.join(' ') : null
}
