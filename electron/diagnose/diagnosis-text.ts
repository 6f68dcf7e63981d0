import type { DiagnosedLimit, Diagnosis } from '../../shared/diagnose/diagnosis.ts'
import { firingWords } from '../../shared/diagnose/ladder.ts'
import { timeText } from '../../shared/diagnose/time-text.ts'
import { formatMs } from '../../shared/limits/units.ts'
import { plainTexts } from '../../shared/text/plain-text.ts'
import { counted } from '../../shared/text/counted.ts'

/** What the text needs of a painter; the command line's has more. */
export interface DiagnosisPaint { bold(text: string): string; dim(text: string): string; red(text: string): string; green(text: string): string; yellow(text: string): string }

const plain: DiagnosisPaint = { bold: (text) => text, dim: (text) => text, red: (text) => text, green: (text) => text, yellow: (text) => text }
const mostRungs = 12
const mostLints = 12

/** A diagnosis for people: the verdict's sentence, how it is known, what else it could be and what would settle it, the ladder, lints. */
export function diagnosisText(given: Diagnosis, paint: DiagnosisPaint = plain, durationMs: number | null = null): string {
  // Logs and configurations are quoted in it, and may hold anything.
  const diagnosis = plainTexts(given)
  const { verdict } = diagnosis
  const state = verdict.cause === 'none' ? paint.green('Not cut') : verdict.cause === 'unknown' ? paint.yellow('Open') : paint.red('Cut')
  const sections = [
    [`${state}  ${paint.bold(verdict.headline)}`, verdict.explanation, paint.dim(`cause ${verdict.cause}, confidence ${Math.round(verdict.confidence * 100)} %`)].filter((line) => line !== ''),
    list('How we know', verdict.evidence.map((item) => `${item.text}${item.ref ? paint.dim(`  [${item.ref}]`) : ''}`), paint),
    verdict.candidates.length > 1 ? list('What it can be', [verdict.candidates.join(', ')], paint) : [],
    list('What would settle it', verdict.need.map((need) => `${need.what}\n      ${need.how}`), paint),
    list('What followed', verdict.consequences, paint),
    list('What to change', verdict.fix, paint),
    timeline(diagnosis, paint),
    ladder(diagnosis, paint, durationMs),
    list('Worth a look', diagnosis.lints.slice(0, mostLints).map((lint) => `${lint.severity}: ${lint.text}`), paint),
    list('Notes', diagnosis.notes.slice(0, 12).map((note) => `${note.file}${note.line === null ? '' : `:${note.line}`}: ${note.text}`), paint),
    list('Read', diagnosis.sources.map((source) => `${source.file}: ${source.kind}, ${counted(source.lines, 'line')}${source.facts > 0 ? `, ${source.facts} that ${source.facts === 1 ? 'says' : 'say'} something` : ''}${source.skewMs ? `, its clock is ${formatMs(Math.abs(source.skewMs))} ${source.skewMs > 0 ? 'ahead' : 'behind'}` : ''}`), paint),
  ]
  return `${sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n')}\n`
}

function list(title: string, items: readonly string[], paint: DiagnosisPaint): string[] {
  return items.length === 0 ? [] : [paint.bold(title), ...items.map((item) => `  - ${item}`)]
}

function timeline(diagnosis: Diagnosis, paint: DiagnosisPaint): string[] {
  if (diagnosis.spans.length < 2) return []
  return [paint.bold('The request'), ...diagnosis.spans.map((span) => `  ${formatMs(span.startMs).padStart(9)} to ${formatMs(span.endMs ?? span.startMs).padEnd(9)} ${span.layer.padEnd(9)} ${span.name}`)]
}

/** The deadlines of a request that waits, first to fire first. */
function ladder(diagnosis: Diagnosis, paint: DiagnosisPaint, durationMs: number | null): string[] {
  const asked = durationMs === null ? [] : [`  A request that takes ${formatMs(durationMs)} ${firingWords(diagnosis.limits, durationMs)}`]
  const rungs = diagnosis.order.map((index) => diagnosis.limits[index]).filter((limit) => limit !== undefined)
  if (rungs.length === 0) return asked.length === 0 || diagnosis.limits.length === 0 ? [] : [paint.bold('Deadlines'), ...asked]
  const lines = rungs.slice(0, mostRungs).map((limit) => `  ${timeText(limit.valueMs ?? 0).padStart(9)}  ${limit.layer.padEnd(9)} ${limit.product} ${limit.directive} ${limit.asWritten}${limit.attempts > 1 ? ` x ${limit.attempts} tries` : ''} ${paint.dim(placeOf(limit))}`)
  return [paint.bold('Deadlines of a request that waits, first to fire first'), ...asked, ...lines, ...(rungs.length > mostRungs ? [paint.dim(`  and ${rungs.length - mostRungs} more`)] : [])]
}

function placeOf(limit: DiagnosedLimit): string {
  return limit.line === null ? '(default)' : `(${limit.file}:${limit.line})`
}
