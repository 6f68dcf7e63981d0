import { proxyEngines, type ProxyEngine } from '../../../shared/flow/layers.ts'
import { setPlan, usePlan } from '../../state/plan.ts'
import { useEngine } from '../../state/engine.ts'
import { Icon } from '../../ui/icon.tsx'
import { PickPanel } from '../../ui/pick-panel.tsx'

const names: Record<ProxyEngine, string> = { builtin: 'built in', nginx: 'nginx', haproxy: 'HAProxy' }
const words: Record<ProxyEngine, string> = { builtin: 'nginx’s rules, always there', nginx: 'the real one of this machine', haproxy: 'the real one of this machine' }
/** As many hops as anybody has found between a client and a gateway; the engine takes up to sixteen. */
const mostHops = 6

/** The proxies between client and gateway, in the order a request meets them: none, one, or several hops. */
export function ProxyPick() {
  const proxies = usePlan((state) => state.proxies)
  const notInstalled = useEngine((state) => state.hello?.notInstalled)
  const missing = proxies.flatMap((engine, index) => (proxies.indexOf(engine) === index ? notInstalled?.find((item) => item.engine === engine) ?? [] : []))
  const isMissing = (engine: ProxyEngine) => missing.some((item) => item.engine === engine)
  const set = (hops: readonly ProxyEngine[]) => setPlan({ proxies: [...hops] })
  const shown = proxies.length === 0 ? 'none' : proxies.map((engine) => names[engine]).join(', ')
  return (
    <PickPanel name="Proxy" shown={shown} set={proxies.length > 0} width={330}>
      <p className="ink-2">{proxies.length === 0 ? 'The client talks to the gateway itself.' : 'Between client and gateway, in the order the request meets them.'}</p>
      {proxies.length > 0 ? (
        <ol className="panel-list" aria-label="Proxies">
          {proxies.map((engine, index) => (
            // A hop is its place in the chain.
            <li key={index}>
              <span className="dim num">{index + 1}</span>
              <select aria-label={`Proxy ${index + 1}`} value={engine} onChange={(event) => set(proxies.toSpliced(index, 1, event.currentTarget.value as ProxyEngine))}>{proxyEngines.map((other) => <option key={other} value={other}>{names[other]}</option>)}</select>
              <small className={isMissing(engine) ? 'is-warn' : 'dim'}>{isMissing(engine) ? 'not installed' : words[engine]}</small>
              <button type="button" className="btn btn-ghost panel-act" aria-label={`Remove proxy ${index + 1}`} title="Remove" onClick={() => set(proxies.toSpliced(index, 1))}><Icon name="close" small /></button>
            </li>
          ))}
        </ol>
      ) : null}
      {missing.map(({ engine, hint }) => <p key={engine} className="is-warn">{names[engine]} is not installed on this machine: {hint}</p>)}
      <div className="row panel-actions">
        <button type="button" className="btn btn-sm" disabled={proxies.length >= mostHops} onClick={() => set([...proxies, proxies.at(-1) ?? 'builtin'])}><Icon name="plus" small />{proxies.length === 0 ? 'Add a proxy' : 'Add a hop'}</button>
        {proxies.length > 1 ? <button type="button" className="btn btn-sm btn-ghost" onClick={() => set([])}>Remove all</button> : null}
      </div>
    </PickPanel>
  )
}
