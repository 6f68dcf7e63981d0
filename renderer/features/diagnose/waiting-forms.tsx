import { discardForms, showForms, wordsOfForms } from '../../state/desk-forms.ts'
import { useDiagnose } from '../../state/diagnose.ts'
import { Icon } from '../../ui/icon.tsx'

/** What stood in the forms of windows that are gone, or in this one's before something else was pasted: it waits until it is shown or discarded. */
export function WaitingForms() {
  const others = useDiagnose((state) => state.draft.others)
  if (!others?.length) return null
  return (
    <div className="notice dg-waiting" role="alert">
      <Icon name="info" />
      <div>
        <p>Typed or pasted before, here or in a window that is gone, and not added yet:</p>
        <ul>
          {others.map((other, index) => (
            <li key={index} className="row">
              <span className="clip grow">{wordsOfForms(other)}</span>
              <button type="button" className="btn btn-sm" aria-label={`Show ${wordsOfForms(other)}`} onClick={() => showForms(other)}>Show</button>
              <button type="button" className="btn btn-sm btn-ghost" aria-label={`Discard ${wordsOfForms(other)}`} onClick={() => discardForms(other)}>Discard</button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
