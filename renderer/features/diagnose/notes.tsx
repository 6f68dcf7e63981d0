import { useState } from 'react'
import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { Icon } from '../../ui/icon.tsx'
import { Excerpt, Ref } from './ref.tsx'
import { countText, shortPlace } from './texts.ts'

/** Notes shown before the rest is asked for. */
const firstNotes = 12

/** What could not be read, and clocks that differ. */
export function Notes({ diagnosis }: { diagnosis: Diagnosis }) {
  const [all, setAll] = useState(false)
  const skewed = diagnosis.sources.filter((source) => source.skewMs !== null && source.skewMs !== 0)
  const reference = diagnosis.sources.find((source) => source.skewMs === 0)
  if (diagnosis.notes.length === 0 && skewed.length === 0) return null
  return (
    <section className="section" aria-label="Notes">
      <div className="head"><h2>Notes</h2><span className="dim">what could not be read, and clocks that differ</span></div>
      <ul>
        {skewed.map((source) => (
          <li key={source.file} className="lint dg-lint">
            <span className="is-warn"><Icon name="clock" /></span>
            <p><b>{shortPlace(source.file, null)}</b>: its clock is {formatMs(Math.abs(source.skewMs ?? 0))} {(source.skewMs ?? 0) > 0 ? 'ahead of' : 'behind'} {reference ? shortPlace(reference.file, null) : 'the others'}; corrected for in the timing above.</p><span />
          </li>
        ))}
        {(all ? diagnosis.notes : diagnosis.notes.slice(0, firstNotes)).map((note, index) => (
          <li key={`${index}${note.file}`} className="lint dg-lint">
            <span className="dim"><Icon name="info" /></span>
            <p>{note.file ? <><Ref to={`log:${note.file}${note.line === null ? '' : `:${note.line}`}`} at={`note ${note.file} ${note.text}`} /> </> : null}{note.text}</p><span /><Excerpt at={`note ${note.file} ${note.text}`} />
          </li>
        ))}
      </ul>
      {diagnosis.notes.length > firstNotes ? <button type="button" className="fold dg-more" aria-expanded={all} onClick={() => setAll(!all)}><Icon name={all ? 'chevronDown' : 'chevronRight'} small />{all ? 'Less' : countText(diagnosis.notes.length - firstNotes, 'more note')}</button> : null}
    </section>
  )
}
