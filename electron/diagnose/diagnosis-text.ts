import { formatMs } from '../../shared/limits/units.ts'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'
import type { Paint } from '../hosts/cli/colors.ts'

/** The diagnosis for people: the sentence, the proof, what cannot be excluded, what would settle it, the ladder, the lints. */
export function diagnosisText(diagnosis: Diagnosis, paint: Paint): string {
  const { verdict } = diagnosis
  const who = [verdict.product, verdict.directive, verdict.limitMs === null ? null : formatMs(verdict.limitMs)].filter((part) => part !== null).join(' ')
  const sections = [
    [paint.bold(verdict.headline), ...(verdict.explanation ? [verdict.explanation] : []), paint.dim(`cause ${verdict.cause}, confidence ${Math.round(verdict.confidence * 100)} %${who ? `, ${who}` : ''}`)],
    list('How we know', verdict.evidence.map((item) => `${item.text}${item.ref ? paint.dim(`  [${item.ref}]`) : ''}`), paint),
    list('What followed', verdict.consequences, paint),
    verdict.candidates.length > 1 ? list('What cannot be excluded', verdict.candidates, paint) : [],
    list('What would settle it', verdict.need.map((need) => `${need.what}: ${need.how}`), paint),
    list('What to change', verdict.fix, paint),
    list('Order of firing', diagnosis.order.flatMap((index) => {
      const limit = diagnosis.limits[index]
      return limit ? [`${limit.valueMs === null ? '' : formatMs(limit.valueMs).padStart(9)}  ${limit.product} ${limit.directive} (${limit.file}${limit.line === null ? '' : `:${limit.line}`}${limit.isDefault ? ', default' : ''})`] : []
    }).slice(0, 20), paint),
    list('Worth mending', diagnosis.lints.map((lint) => `${lint.severity}: ${lint.text}`), paint),
    list('Notes', diagnosis.notes.slice(0, 20).map((note) => `${note.file}${note.line === null ? '' : `:${note.line}`} ${note.text}`), paint),
    [paint.dim(`read ${diagnosis.sources.map((source) => `${source.file} (${source.kind})`).slice(0, 12).join(', ') || 'what was seen'}`)],
  ]
  return `${sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n')}\n`
}

function list(title: string, items: readonly string[], paint: Paint): string[] {
  return items.length === 0 ? [] : [paint.bold(title), ...items.map((item) => `  - ${item}`)]
}
