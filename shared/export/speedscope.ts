import { timelineOf } from '../stacks/timeline.ts'
import { toCollapsed, toSpeedscope } from '../stacks/to-speedscope.ts'
import type { Exporter } from './exporter.ts'

/** Stacks for https://www.speedscope.app, which opens files without sending them anywhere. */
export const speedscopeExporter: Exporter = {
  id: 'speedscope', title: 'Stacks for speedscope', extension: 'speedscope.json', mediaType: 'application/json',
  toText: (run, { version }) => `${JSON.stringify(toSpeedscope(timelineOf(run.events).stretches, { name: `${run.record.plan.script.name}, run ${run.record.id}`, version }))}\n`,
}

/** One line per stack with its weight, for flamegraph.pl and its kin. */
export const collapsedExporter: Exporter = {
  id: 'collapsed', title: 'Collapsed stacks', extension: 'collapsed.txt', mediaType: 'text/plain',
  toText: (run) => toCollapsed(timelineOf(run.events).stretches),
}
