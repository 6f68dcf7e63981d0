import { exactOutputOf } from '../../../shared/run/exact-json.ts'
import type { RunRecord } from '../../../shared/run/record.ts'
import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import { heavyLines } from '../../../shared/verdict/memory-held.ts'
import type { Paint } from './colors.ts'
import { plainText, plainTexts } from '../../../shared/text/plain-text.ts'
import type { Said } from './said.ts'
import { waterfallText } from './waterfall.ts'
import { counted } from '../../../shared/text/counted.ts'

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
    memoryLines(record, paint),
    // That the client got its answer is what "completed" says.
    isCompleted ? [] : list('How we know', verdict.evidence.map((item) => `${item.text}${item.ref ? paint.dim(`  [${item.ref}]`) : ''}`), paint),
    list('What followed', verdict.consequences, paint),
    list('Ruled out', verdict.alternatives.map((other) => `${other.cause}: ${other.why_not}`), paint),
    list('What to change', verdict.fix, paint),
    isCompleted ? [paint.bold('Output'), `  ${shorten(plainText(JSON.stringify(exactOutputOf(record))))}`] : [],
  ]
  return `${sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n')}\n`
}

function list(title: string, items: readonly string[], paint: Paint): string[] {
  return items.length === 0 ? [] : [paint.bold(title), ...items.map((item) => `  - ${item}`)]
}

function tracebackOf(said: Said | undefined, paint: Paint): string[] {
  if (!said?.traceback) return []
  const lines = plainText(said.traceback).trimEnd().split('\n')
  const shown = lines.length > mostTraceback ? [`… ${counted(lines.length - mostTraceback, 'line')}`, ...lines.slice(-mostTraceback)] : lines
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
    return { time: formatMs(line.ownMs), what: line.computingMs > line.waitingMs ? 'computing' : 'waiting', where: placeOf(line, script), text: plainText(line.source?.trim() ?? `in ${line.function}`) }
  })
  const widest = (column: 'time' | 'where'): number => Math.max(...rows.map((row) => row[column].length))
  const [time, where] = [widest('time'), widest('where')]
  return [paint.bold('Where the time went'), ...rows.map((row) => `  ${row.time.padStart(time)}  ${row.what.padEnd(9)}  ${row.where.padEnd(where)}  ${row.text.slice(0, Math.max(40, width - time - where - 17))}`)]
}

/** The lines that held the most memory, where allocations were traced. */
function memoryLines(record: RunRecord, paint: Paint): string[] {
  const lines = heavyLines(record.stacks?.allocations ?? []).slice(0, mostLines)
  const sizes = lines.map((line) => formatBytes(line.bytes))
  const widest = Math.max(...sizes.map((size) => size.length))
  return lines.length === 0 ? [] : [paint.bold('What held the memory'), ...lines.map((line, at) => `  ${(sizes[at] ?? '').padStart(widest)}  ${placeOf(line, record.plan.script.name)}, ${line.count} ${line.count === 1 ? 'block' : 'blocks'}`)]
}

/** "line 9" of the script itself, else "helpers.py:9". */
function placeOf({ file, line }: { file: string; line: number }, script: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  return plainText(name === script ? `line ${line}` : `${name}:${line}`)
}

function shorten(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters; --json prints all of it)` : text
}
