import { useMemo, type ReactNode } from 'react'
import type { ReceivedResponse } from '../../../shared/run/event.ts'
import { exactOutputOf } from '../../../shared/run/exact-json.ts'
import { useBeat } from '../../state/clock.ts'
import { useRecord } from '../../state/record.ts'
import { useRun } from '../../state/run.ts'
import { copyText } from '../../state/actions.ts'
import { Icon } from '../../ui/icon.tsx'
import { exactMs, groupedOf } from '../../ui/numbers.ts'
import { counted } from '../../../shared/text/counted.ts'
import { visibleText } from '../../../shared/text/visible-text.ts'
import { Visible } from '../../ui/visible.tsx'

/** Characters of an output that are drawn: copying takes all of it. */
const mostShown = 200_000

/** What scrolls takes the focus, so that it can be read with the keyboard. */
function Result({ name, children }: { name: string; children: ReactNode }) {
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  return <div className="result" tabIndex={0} role="group" aria-label={name}>{children}</div>
}

/** What transform returned. */
export function OutputView() {
  const run = useRun((state) => state.run)
  const record = useRecord((state) => state.record)
  useBeat()
  const text = useMemo(() => (record ? JSON.stringify(exactOutputOf(record), null, 2) : null), [record])
  const error = run.scriptError?.error
  if (error) return <Result name="Output"><p className="is-failed strong"><Visible text={error.message ? `${error.type}: ${error.message}` : error.type} /></p><pre className="result-text"><Visible text={error.traceback} /></pre></Result>
  if (!run.scriptResult) return <p className="result dim">{run.ended ? 'transform() did not return in this run.' : 'transform() has not returned yet.'}</p>
  return (
    <Result name="Output">
      <div className="row"><span className="grow">transform() returned {counted(run.scriptResult.bytes, 'byte', 'bytes', groupedOf(run.scriptResult.bytes))} of JSON after {exactMs(run.scriptResult.atMs)}.</span>{text ? <button type="button" className="btn btn-sm" onClick={() => void copyText(text, 'Output')}><Icon name="copy" small />Copy</button> : null}</div>
      {text ? <pre className="result-text"><Visible text={text.length > mostShown ? `${text.slice(0, mostShown)}\n…` : text} /></pre> : null}
    </Result>
  )
}

/** The head of an answer as it stood on the wire. */
function headOf({ version, reason, headers }: ReceivedResponse, status: number | null): string {
  return [`HTTP/${version} ${status} ${reason}`, ...headers.map(({ name, value }) => `${name}: ${value}`)].join('\n')
}

/** What the client received. */
export function ResponseView() {
  const run = useRun((state) => state.run)
  useBeat()
  const { client } = run
  if (!client) return <p className="result dim">The client is still waiting.</p>
  const rows: [string, string][] = [
    ['status', client.status === null ? 'none' : String(client.status)], ['bytes', groupedOf(client.bytes)], ['complete', client.complete ? 'yes' : 'no'],
    ['ended by', { fin: 'a clean close', rst: 'a reset', aborted: 'the client itself', timeout: 'the client’s own limit' }[client.ended]], ['after', exactMs(client.atMs)], ...(client.error ? [['error', visibleText(client.error)] as [string, string]] : []),
  ]
  return <Result name="Response"><dl className="result-facts">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>{client.response ? <pre className="result-text"><Visible text={headOf(client.response, client.status)} /></pre> : null}</Result>
}
