import type { Evidence } from '../../../shared/verdict/verdict.ts'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.tsx'
import { Excerpt, Ref } from './ref.tsx'
import { partsOfEvidence } from './texts.ts'
import { Words } from './words.tsx'

const icons: Record<Evidence['kind'], IconName> = { event: 'signpost', log: 'lines', limit: 'flag', reading: 'bars', config: 'file', stack: 'stack', client: 'eye' }
const words: Record<Evidence['kind'], string> = { event: 'event', log: 'log line', limit: 'limit', reading: 'reading', config: 'configuration', stack: 'stack', client: 'observation' }

/** Where the lines of an evidence item are shown: it stays open when a followed log brings a new diagnosis. */
export function evidencePlace(item: Evidence): string {
  return `evidence ${item.ref} ${item.text.slice(0, 60)}`
}

/** How it is known: what each entry means, the entry itself, and its place. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  if (evidence.length === 0) return <div><h2>How we know</h2><p className="dim">No line of these files names an ending.</p></div>
  return (
    <div className="dg-evidence">
      <h2>How we know</h2>
      <ul aria-label="Evidence">
        {evidence.map((item) => {
          const { line, means } = item.kind === 'log' ? partsOfEvidence(item.text) : { line: item.text, means: null }
          return (
            <li key={`${item.ref}${item.text}`}>
              <Icon name={icons[item.kind]} small /><span className="sr-only">{words[item.kind]}</span>
              <div className="dg-evidence-text">
                <p><Words text={means ?? line} /></p>
                {means ? <p className="mono dg-line">{line}</p> : null}
              </div>
              {item.ref ? <Ref to={item.ref} at={evidencePlace(item)} /> : null}
              <Excerpt at={evidencePlace(item)} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}
