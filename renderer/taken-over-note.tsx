import { closeTakenOver, discardOtherSettings, takeOtherSettings, wordsOfSettings } from './state/taken-over.ts'
import { usePlan } from './state/plan.ts'
import { Icon } from './ui/icon.tsx'

/** What windows that are gone have left, above the script until it is dealt with: their scripts are tabs already, what they had set can be used. */
export function TakenOverNote() {
  const takenOver = usePlan((state) => state.takenOver)
  if (!takenOver) return null
  const { scripts, settings, copied } = takenOver
  return (
    <div className="notice taken-over" role="alert">
      <Icon name="info" />
      <div>
        {copied ? <p>When this window opened, what stands here was copied from a Cutoff at work on the same data. What you change here is kept here alone.</p> : null}
        {scripts > 0 || settings.length > 0 ? <p>{wordsOf(scripts, settings.length)}</p> : null}
        {settings.map((other, index) => (
          <div key={index} className="taken-over-set" role="group" aria-label={wordsOfSettings(other)}>
            <p className="mono">{wordsOfSettings(other)}</p>
            <button type="button" className="btn btn-sm" onClick={() => takeOtherSettings(other)}>Use these</button>
            <button type="button" className="btn btn-sm btn-ghost" onClick={() => discardOtherSettings(other)}>Discard</button>
          </div>
        ))}
      </div>
      {settings.length === 0 ? <button type="button" className="btn btn-sm btn-ghost" aria-label="Close the message" onClick={closeTakenOver}><Icon name="close" small /></button> : null}
    </div>
  )
}

function wordsOf(scripts: number, settings: number): string {
  const gone = scripts === 1 || (scripts === 0 && settings === 1) ? 'a window that is gone' : 'windows that are gone'
  if (scripts === 0) return `Limits or flow were set differently in ${gone}:`
  const tabs = scripts === 1 ? `1 script of ${gone} is here as a further tab.` : `${scripts} scripts of ${gone} are here as further tabs.`
  return settings === 0 ? tabs : `${tabs} Limits or flow were set differently there:`
}
