import { useBeat } from '../../state/clock.ts'
import { useRun } from '../../state/run.ts'
import { exactMs, groupedOf } from '../../ui/numbers.ts'

/** What transform returned. */
export function OutputView() {
  const run = useRun((state) => state.run)
  useBeat()
  const error = run.scriptError?.error
  if (error) return <div className="result"><p className="is-failed strong">{error.type}: {error.message}</p><pre className="result-text">{error.traceback}</pre></div>
  if (!run.scriptResult) return <p className="result dim">{run.ended ? 'transform() did not return in this run.' : 'transform() has not returned yet.'}</p>
  return <p className="result">transform() returned {groupedOf(run.scriptResult.bytes)} bytes of JSON after {exactMs(run.scriptResult.atMs)}.</p>
}

/** What the client received. */
export function ResponseView() {
  const run = useRun((state) => state.run)
  useBeat()
  const { client } = run
  if (!client) return <p className="result dim">The client is still waiting.</p>
  const rows: [string, string][] = [
    ['status', client.status === null ? 'none' : String(client.status)], ['bytes', groupedOf(client.bytes)], ['complete', client.complete ? 'yes' : 'no'],
    ['ended by', { fin: 'a clean close', rst: 'a reset', aborted: 'the client itself', timeout: 'the client’s own limit' }[client.ended]], ['after', exactMs(client.atMs)], ...(client.error ? [['error', client.error] as [string, string]] : []),
  ]
  return <dl className="result result-facts">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
}
