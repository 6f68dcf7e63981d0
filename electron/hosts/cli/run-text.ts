import type { RunRecord } from '../../../shared/run/record.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Paint } from './colors.ts'
import { waterfallText } from './waterfall.ts'

/** What `run` prints for people: the verdict's sentence, the waterfall, the evidence, what to change, the output. */
export function runText(record: RunRecord, options: { width: number; paint: Paint }): string {
  const { paint } = options
  const { verdict } = record
  const state = record.outcome === 'completed' ? paint.green('Completed') : record.outcome === 'failed' ? paint.yellow('Failed') : paint.red('Cut')
  const sections = [
    [`${state}  ${paint.bold(verdict.headline)}`, ...(verdict.explanation ? [verdict.explanation] : []), paint.dim(`cause ${verdict.cause}, confidence ${Math.round(verdict.confidence * 100)} %, run ${record.id}, ${formatMs(record.elapsedMs)}`)],
    waterfallText(record, options.width, paint),
    list('How we know', verdict.evidence.map((item) => `${item.text}${item.ref ? paint.dim(`  [${item.ref}]`) : ''}`), paint),
    list('What followed', verdict.consequences, paint),
    list('Ruled out', verdict.alternatives.map((other) => `${other.cause}: ${other.why_not}`), paint),
    list('What to change', verdict.fix, paint),
    heaviestLines(record, paint),
    record.outcome === 'completed' ? [paint.bold('Output'), `  ${shorten(JSON.stringify(record.output))}`] : [],
  ]
  return `${sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n')}\n`
}

function list(title: string, items: readonly string[], paint: Paint): string[] {
  return items.length === 0 ? [] : [paint.bold(title), ...items.map((item) => `  - ${item}`)]
}

/** The five heaviest lines, with their source text, where stacks were sampled. */
function heaviestLines(record: RunRecord, paint: Paint): string[] {
  const lines = (record.stacks?.lines ?? []).filter((line) => line.ownMs > 0).slice(0, 5)
  return lines.length === 0 ? [] : [paint.bold('Where the time went'), ...lines.map((line) => {
    const share = line.computingMs > line.waitingMs ? 'computing' : 'waiting'
    return `  ${formatMs(line.ownMs).padStart(9)} ${share}  line ${String(line.line).padEnd(4)} ${line.source?.trim() ?? `${line.function} (${line.file})`}`
  })]
}

function shorten(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters; --json prints all of it)` : text
}
