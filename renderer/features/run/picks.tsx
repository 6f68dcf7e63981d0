import { faultForm, faultTable, parseFault } from '../../../shared/flow/faults.ts'
import { proxyEngines, type ProxyEngine } from '../../../shared/flow/layers.ts'
import { formatMs, parseValue } from '../../../shared/limits/units.ts'
import { useEngine } from '../../state/engine.ts'
import { chooseProfile, editLimit, planLimits, setPlan, usePlan } from '../../state/plan.ts'
import { useSystem } from '../../state/system.ts'
import { Pick } from '../../ui/pick.tsx'

/** Profile, client limit, proxy, faults, Python: what is most often changed about a run. */
export function Picks() {
  return <><ProfilePick /><ClientLimitPick /><ProxyPick /><FaultPick /><PythonPick /></>
}

function ProfilePick() {
  const profiles = usePlan((state) => state.profiles)
  const name = usePlan((state) => state.profileName)
  return (
    <Pick name="Profile" shown={name} value={name} width={380} onPick={chooseProfile}
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

function addFault(text: string): string | null {
  const parsed = parseFault(text)
  if (!parsed.ok) return `${parsed.problem}: ${parsed.hint}`
  setPlan({ faults: [...usePlan.getState().faults, parsed.fault] })
  return null
}

const proxyWords: Record<ProxyEngine, string> = { builtin: 'built-in proxy', nginx: 'nginx', haproxy: 'HAProxy' }

function ProxyPick() {
  const proxies = usePlan((state) => state.proxies)
  const tools = useSystem((state) => state.readings?.readings)
  const found = (engine: ProxyEngine) => engine === 'builtin' || tools?.find((item) => item.id === `tools.${engine}` || item.id === engine)?.state !== 'problem'
  const chains: ProxyEngine[][] = [[], ...proxyEngines.map((engine) => [engine]), ['nginx', 'haproxy'], ['builtin', 'builtin']]
  const textOf = (chain: readonly ProxyEngine[]) => (chain.length === 0 ? 'none' : chain.join(', '))
  return (
    <Pick name="Proxy" className="wide-only" shown={textOf(proxies)} value={textOf(proxies)} set={proxies.length > 0} width={300}
      options={chains.map((chain) => ({ value: textOf(chain), label: chain.length === 0 ? 'none' : chain.map((engine) => proxyWords[engine]).join(', then '), hint: chain.some((engine) => !found(engine)) ? 'not installed on this machine' : chain.length > 1 ? 'two hops: the hidden extra proxy' : chain[0] === 'builtin' ? 'nginx’s semantics, always there' : chain.length === 0 ? 'the client talks to the gateway' : 'the real one of this machine' }))}
      onPick={(value) => setPlan({ proxies: value === 'none' ? [] : value.split(', ') as ProxyEngine[] })} />
  )
}

function FaultPick() {
  const faults = usePlan((state) => state.faults)
  return (
    <Pick name="Faults" className="wide-only" shown={faults.length === 0 ? 'none' : faults.length === 1 ? (faults[0]?.text.replace(/^network\./, '') ?? '') : `${faults.length} faults`} value={faults[0]?.text ?? 'none'} set={faults.length > 0} width={360}
      options={[{ value: 'none', label: 'none', hint: 'The network passes everything on.' }, ...faultTable.map((kind) => ({ value: kind.example, label: kind.example, hint: kind.meaning }))]}
      onPick={(value) => { const parsed = parseFault(value); setPlan({ faults: value === 'none' || !parsed.ok ? [] : [parsed.fault] }) }}
      other={{ label: 'Add a fault', placeholder: faultForm, take: addFault }} />
  )
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
