import { faultForm, faultTable, parseFault } from '../../../shared/flow/faults.ts'
import { impossibleFaults } from '../../../shared/flow/impossible-faults.ts'
import { faultLints } from '../../../shared/flow/lints/faults.ts'
import { setPlan, usePlan } from '../../state/plan.ts'
import { Icon } from '../../ui/icon.tsx'
import { PickPanel } from '../../ui/pick-panel.tsx'
import { TextChoice } from '../../ui/text-choice.tsx'

/** Takes a fault as it is written; answers with what is wrong with it, or null. */
function addFault(text: string): string | null {
  const parsed = parseFault(text)
  if (!parsed.ok) return `${parsed.problem}: ${parsed.hint}`
  setPlan({ faults: [...usePlan.getState().faults, parsed.fault] })
  return null
}

/** What is broken on purpose: faults of a link (`network.…`) and of a service (`gateway.…`, `proxy1.…`, `client.…`), any number of them. */
export function FaultPick() {
  const faults = usePlan((state) => state.faults)
  const proxies = usePlan((state) => state.proxies)
  const shown = faults.length === 0 ? 'none' : faults.length === 1 ? (faults[0]?.text.replace(/^network\./, '') ?? '') : `${faults.length} faults`
  const impossible = impossibleFaults({ faults, proxies })
  const idle = faultLints([], { limits: [], faults, proxies }).filter((lint) => lint.id.startsWith('never-acts:'))
  return (
    <PickPanel name="Faults" shown={shown} set={faults.length > 0} width={400}>
      {faults.length > 0 ? (
        <ul className="panel-list" aria-label="Faults of the next run">
          {faults.map((fault, index) => (
            <li key={`${index}${fault.text}`}>
              <Icon name="bolt" small /><span className="mono panel-wide">{fault.text}</span>
              <button type="button" className="btn btn-ghost panel-act" aria-label={`Remove ${fault.text}`} title="Remove" onClick={() => setPlan({ faults: faults.toSpliced(index, 1) })}><Icon name="close" small /></button>
            </li>
          ))}
        </ul>
      ) : <p className="ink-2">The network passes everything on, and every service does its work.</p>}
      {impossible.map(({ fault, problem }) => <p key={fault.text} className="is-warn">{problem}: change the proxies, or remove it.</p>)}
      {idle.map((lint) => <p key={lint.id} className="is-warn">{lint.title} {lint.text}</p>)}
      <div className="panel-offers" role="group" aria-label="Add a fault">
        {faultTable.map((kind) => (
          <button key={kind.example} type="button" className="option panel-offer" onClick={() => addFault(kind.example)}><b className="mono">{kind.example}</b><small>{kind.meaning}</small></button>
        ))}
      </div>
      <TextChoice other={{ label: 'Another fault', placeholder: faultForm, take: addFault }} />
    </PickPanel>
  )
}
