import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Bench, Figure } from './bench/figure.ts'

/**
 * `npm run bench -- [--only NAME] [--json]`: every figure that the README quotes. stdout is the table (or the JSON), progress goes to stderr.
 */
const benches: Bench[] = [
  { name: 'runs', run: async () => (await import('./bench/runs.ts')).benchRuns() },
  { name: 'cuts', run: async () => (await import('./bench/runs.ts')).benchCuts() },
  { name: 'deadlines', run: async () => (await import('./bench/deadlines.ts')).benchDeadlines() },
  { name: 'cold-start', run: async () => (await import('./bench/cold-start.ts')).benchColdStart() },
  { name: 'command-line', run: async () => (await import('./bench/command-line.ts')).benchCommandLine() },
  { name: 'flood', run: async () => (await import('./bench/flood.ts')).benchFlood() },
  { name: 'log', run: async () => (await import('./bench/log.ts')).benchLog() },
  { name: 'page-log', run: async () => (await import('./bench/page-log.ts')).benchPageLog() },
  { name: 'page-spans', run: async () => (await import('./bench/page-spans.ts')).benchSpans() },
  { name: 'history', run: async () => (await import('./bench/history.ts')).benchHistory() },
  { name: 'flow', run: async () => (await import('./bench/flow.ts')).benchFlow() },
  { name: 'stacks', run: async () => (await import('./bench/stacks.ts')).benchStacks() },
  { name: 'diagnose', run: async () => (await import('./bench/diagnose.ts')).benchDiagnose() },
]

const { only, json } = wanted()
const chosen = benches.filter((bench) => only === undefined || bench.name === only)
if (chosen.length === 0) refuse(`no figures named ${only}; known are ${benches.map((bench) => bench.name).join(', ')}`)

const figures: Figure[] = []
for (const bench of chosen) {
  process.stderr.write(`measuring ${bench.name} ...\n`)
  figures.push(...await bench.run())
}
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', memoryBytes: totalmem(), platform: process.platform, release: release(), node: process.version }
process.stdout.write(json ? `${JSON.stringify({ schema: 'cutoff.bench/1', machine, figures })}\n` : table(figures))
process.exit(figures.every((measured) => measured.ok) ? 0 : 1)

function wanted(): { only?: string; json?: boolean } {
  try {
    return parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' } } }).values
  } catch (error) {
    // The whole takes a quarter of an hour: nothing is begun on a guess.
    return refuse((error as Error).message)
  }
}

function refuse(problem: string): never {
  process.stderr.write(`bench: ${problem}\nnpm run bench -- [--only NAME] [--json]\n`)
  process.exit(2)
}

function table(rows: readonly Figure[]): string {
  const lines = rows.map((row) => [row.name, `${row.value} ${row.unit}`, row.bound ?? '', row.ok ? 'ok' : 'MISSED', row.how])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return `${lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')}\n`
}
