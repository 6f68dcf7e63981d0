import { timelineOf } from '../stacks/timeline.ts'
import { toCollapsed, toSpeedscope } from '../stacks/to-speedscope.ts'
import type { Exporter } from './exporter.ts'

/** Stacks for https://www.speedscope.app, which opens files without sending them anywhere. */
export const speedscopeExporter: Exporter = {
  id: 'speedscope', title: 'Stacks for speedscope', extension: 'speedscope.json', mediaType: 'application/json',
  toText(run, { version }) {
    const { stretches, threads } = timelineOf(run.events)
    return `${JSON.stringify(toSpeedscope(stretches, { name: `${run.record.plan.script.name}, run ${run.record.id}`, version, threads }))}\n`
  },
}

/** One line per stack with its weight, for flamegraph.pl and its kin. */
export const collapsedExporter: Exporter = {
  id: 'collapsed', title: 'Collapsed stacks', extension: 'collapsed.txt', mediaType: 'text/plain',
  toText(run) {
    const { stretches, off } = timelineOf(run.events)
    // An empty file would look like a fault; a stack of no weight says why, and every tool reads it.
    return toCollapsed(stretches) || `run ${plain(run.record.id)} of ${plain(run.record.plan.script.name)};no stack was sampled: ${plain(off ?? 'it was over before the first look, or sampling was off')} 0\n`
  },
}

/** Without what the format itself is made of. */
function plain(text: string): string {
  return text.replaceAll(/[;\s]+/g, ' ').trim()
}
