import { useMemo } from 'react'
import { placeOfRef, showExcerpt, useDiagnose } from '../../state/diagnose.ts'
import { visibleText } from '../../../shared/text/visible-text.ts'
import { repeatedNames, shortPlace } from './texts.ts'

/** A place in a file, as a button that shows the lines around it in the `Excerpt` of the same `at`. */
export function Ref({ to, at }: { to: string; at: string }) {
  const open = useDiagnose((state) => state.excerpt?.ref === to && state.excerpt.at === at)
  const sources = useDiagnose((state) => state.result?.diagnosis?.sources)
  const repeated = useMemo(() => repeatedNames(sources?.map((source) => source.file) ?? []), [sources])
  const place = placeOfRef(to)
  if (!place) return <span className="ref">{visibleText(to)}</span>
  const words = visibleText(shortPlace(place.file, place.line, repeated))
  if (place.line === null) return <span className="ref" title={visibleText(place.file)}>{words}</span>
  return <button type="button" className="ref dg-ref" title={visibleText(`${place.file}:${place.line}`)} aria-expanded={open} onClick={() => void showExcerpt(to, at)}>{words}</button>
}

/** The lines around a reference, below the row that was asked; nothing while it is another's. */
export function Excerpt({ at }: { at: string }) {
  const shown = useDiagnose((state) => state.excerpt)
  if (shown?.at !== at) return null
  const line = placeOfRef(shown.ref)?.line
  if (!shown.excerpt) return <p className="dg-excerpt dim">These lines cannot be shown: the file has gone, has changed, or is packed.</p>
  return (
    // A long line is scrolled, with the keyboard as well.
    <pre className="dg-excerpt" tabIndex={0} aria-label={`Lines of ${visibleText(shown.excerpt.file)}`}>
      {shown.excerpt.lines.map(({ number, text }) => <div key={number} className={number === line ? 'dg-excerpt-line' : undefined}><span className="dim num">{number}</span>{text}</div>)}
    </pre>
  )
}
