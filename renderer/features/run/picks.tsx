import { formatMs, parseValue } from '../../../shared/limits/units.ts'
import { useEngine } from '../../state/engine.ts'
import { editLimit, planLimits, setPlan, usePlan } from '../../state/plan.ts'
import { pickProfile } from '../../state/plan-undo.ts'
import { useSystem } from '../../state/system.ts'
import { Pick } from '../../ui/pick.tsx'
import { FaultPick } from './fault-pick.tsx'
import { ProxyPick } from './proxy-pick.tsx'

/** Profile, client limit, proxy, faults, Python: what is most often changed about a run. */
export function Picks() {
  return <><ProfilePick /><ClientLimitPick /><ProxyPick /><FaultPick /><PythonPick /></>
}

function ProfilePick() {
  const profiles = usePlan((state) => state.profiles)
  const name = usePlan((state) => state.profileName)
  return (
    <Pick name="Profile" className="pick-long" shown={name} value={name} width={380} onPick={pickProfile}
      options={profiles.map((profile) => ({ value: profile.name, label: profile.title, hint: profile.emulated ? `${profile.description} Emulated: the provider’s numbers, enforced here.` : profile.description }))} />
  )
}

const clientChoices = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

function ClientLimitPick() {
  const limit = usePlan((state) => planLimits(state).find((candidate) => candidate.id === 'client.total')?.value ?? null)
  return (
    <Pick name="Client limit" shown={limit === null ? 'none' : formatMs(limit)} value={limit === null ? 'none' : String(limit)} set={limit !== null}
      options={[{ value: 'none', label: 'none', hint: 'The client waits as long as it takes.' }, ...clientChoices.map((ms) => ({ value: String(ms), label: formatMs(ms) }))]}
      onPick={(value) => editLimit('client.total', { value: value === 'none' ? null : Number(value) })}
      other={{ label: 'Another client limit', placeholder: '750ms', take: takeClientLimit }} />
  )
}

/** Takes a typed value; answers with what is wrong with it, or null. */
function takeClientLimit(text: string): string | null {
  const parsed = parseValue(text, 'time')
  if (!parsed.ok) return `${parsed.problem}: ${parsed.hint}`
  editLimit('client.total', { value: parsed.value })
  return null
}

function PythonPick() {
  const chosen = usePlan((state) => state.python)
  const found = useEngine((state) => state.hello?.python ?? null)
  const readings = useSystem((state) => state.readings?.readings)
  const paths = [...new Set((readings ?? []).filter((item) => item.group === 'python').map((item) => /(\/\S*python[\d.]*)/.exec(item.value)?.[1]).filter((path) => path !== undefined))]
  const others = [...new Set([...(found ? [found.path] : []), ...paths, ...(chosen ? [chosen] : [])])]
  return (
    <Pick name="Python" shown={chosen ? (chosen.split(/[\\/]/).at(-1) ?? chosen) : (found?.version ?? 'not found')} value={chosen ?? 'auto'} set={chosen !== null} width={380}
      options={[{ value: 'auto', label: 'Find one', hint: found ? `${found.version} at ${found.path}; a .venv beside the script wins` : 'python3, then python; none was found' }, ...others.map((path) => ({ value: path, label: path }))]}
      onPick={(value) => setPlan({ python: value === 'auto' ? null : value })}
      other={{ label: 'Another interpreter', placeholder: '/path/to/python', take: (text) => { setPlan({ python: text }); return null } }} />
  )
}
