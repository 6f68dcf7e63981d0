import type { RunRecord } from '../../../shared/run/record.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Paint } from './colors.ts'
import { plainText, plainTexts } from './plain-text.ts'
import type { Said } from './said.ts'
import { waterfallText } from './waterfall.ts'

/** The last lines of a traceback are the nearest to the error. */
const mostTraceback = 16
const mostLines = 5

/**
 * What `run` prints for people: the verdict's sentence first, the waterfall, what the script said of its own failure, where the time
 * went, the evidence, and what to change last, next to the prompt. Nothing of the script's can move the cursor.
 */
export function runText(given: RunRecord, options: { width: number; paint: Paint; said?: Said }): string {
  const { paint, said } = options
  const record = { ...given, verdict: plainTexts(given.verdict), stages: plainTexts(given.stages) }
  const { verdict } = record
  const isCompleted = record.outcome === 'completed'
  const state = isCompleted ? paint.green('Completed') : record.outcome === 'failed' ? paint.yellow('Failed') : paint.red('Cut')
  const sections = [
    [`${state}  ${paint.bold(verdict.headline)}`, ...(verdict.explanation ? [verdict.explanation] : []), paint.dim(`cause ${verdict.cause}, confidence ${Math.round(verdict.confidence * 100)} %, run ${record.id}, ${formatMs(record.elapsedMs)}`)],
    waterfallText(record, options.width, paint),
    tracebackOf(said, paint),
    isCompleted ? [] : printedOf(said, paint),
    heaviestLines(record, options.width, paint),
    // That the client got its answer is what "completed" says.
    isCompleted ? [] : list('How we know', verdict.evidence.map((item) => `${item.text}${item.ref ? paint.dim(`  [${item.ref}]`) : ''}`), paint),
    list('What followed', verdict.consequences, paint),
    list('Ruled out', verdict.alternatives.map((other) => `${other.cause}: ${other.why_not}`), paint),
    list('What to change', verdict.fix, paint),
    isCompleted ? [paint.bold('Output'), `  ${shorten(plainText(JSON.stringify(record.output)))}`] : [],
  ]
  return `${sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n')}\n`
}

function list(title: string, items: readonly string[], paint: Paint): string[] {
  return items.length === 0 ? [] : [paint.bold(title), ...items.map((item) => `  - ${item}`)]
}

function tracebackOf(said: Said | undefined, paint: Paint): string[] {
  if (!said?.traceback) return []
  const lines = plainText(said.traceback).trimEnd().split('\n')
  const shown = lines.length > mostTraceback ? [`… ${lines.length - mostTraceback} lines`, ...lines.slice(-mostTraceback)] : lines
  return [paint.bold('Traceback'), ...shown.map((line) => `  ${line.slice(0, 500)}`)]
}

function printedOf(said: Said | undefined, paint: Paint): string[] {
  return said === undefined || said.printed.length === 0 ? [] : [paint.bold('Printed last'), ...said.printed.map((line) => `  ${plainText(line).slice(0, 200)}`)]
}

/** The five heaviest lines, with their source text, where stacks were sampled. */
function heaviestLines(record: RunRecord, width: number, paint: Paint): string[] {
  const lines = (record.stacks?.lines ?? []).filter((line) => line.ownMs > 0).slice(0, mostLines)
  if (lines.length === 0) return []
  const script = record.plan.script.name
  const rows = lines.map((line) => {
    const name = line.file.slice(Math.max(line.file.lastIndexOf('/'), line.file.lastIndexOf('\\')) + 1)
    return { time: formatMs(line.ownMs), what: line.computingMs > line.waitingMs ? 'computing' : 'waiting', where: plainText(name === script ? `line ${line.line}` : `${name}:${line.line}`), text: plainText(line.source?.trim() ?? `in ${line.function}`) }
  })
  const widest = (column: 'time' | 'where'): number => Math.max(...rows.map((row) => row[column].length))
  const [time, where] = [widest('time'), widest('where')]
  return [paint.bold('Where the time went'), ...rows.map((row) => `  ${row.time.padStart(time)}  ${row.what.padEnd(9)}  ${row.where.padEnd(where)}  ${row.text.slice(0, Math.max(40, width - time - where - 17))}`)]
}

function shorten(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters; --json prints all of it)` : text
}
