import type { DeskInput } from '../../../shared/bridge/desk.ts'
import { formatBytes } from '../../../shared/limits/units.ts'
import { readAgain, removeInputs, stopFollowing } from '../../state/diagnose.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import type { IconName } from '../../ui/icon-paths.tsx'
import { countText, shortPlace } from './texts.ts'

/** One input: its name, what it was recognised as, how much of it says something, what can be done with it. */
export function InputRow({ input }: { input: DeskInput }) {
  const name = shortPlace(input.name, null)
  const rereadable = input.state === 'canceled' || input.state === 'failed' || (input.state === 'read' && input.origin === 'path')
  return (
    <li className={cx('dg-input', input.state === 'failed' && 'dg-input-failed')}>
      <Icon name={iconOf(input)} small />
      <div className="dg-input-words">
        <p className="clip" title={input.path ?? input.name}><b>{name}</b></p>
        <p className="dg-input-facts">{factsOf(input)}</p>
        {input.problem ? <p className={input.state === 'failed' ? 'is-cut' : 'is-warn'}>{input.problem}</p> : null}
      </div>
      <div className="dg-input-acts">
        {input.state === 'following' ? <button type="button" className="btn btn-ghost btn-sm" aria-label={`Stop following ${name}`} title="Stop following" onClick={() => void stopFollowing(input.id)}><Icon name="stop" small /></button> : null}
        {input.state === 'stopped' && input.path !== null ? <button type="button" className="btn btn-ghost btn-sm" aria-label={`Follow ${name} again`} title="Follow again" onClick={() => void readAgain(input.id)}><Icon name="play" small /></button> : null}
        {rereadable ? <button type="button" className="btn btn-ghost btn-sm" aria-label={`Read ${name} again`} title="Read again" onClick={() => void readAgain(input.id)}><Icon name="refresh" small /></button> : null}
        <button type="button" className="btn btn-ghost btn-sm" aria-label={`Remove ${name}`} title="Remove" onClick={(event) => { focusNeighbour(event.currentTarget); void removeInputs([input.id], name) }}><Icon name="close" small /></button>
      </div>
    </li>
  )
}

/** What is removed takes the focus with it: the next input's button has it from now on, or the one before. */
function focusNeighbour(button: Element): void {
  const row = button.closest('li')
  const other = row?.nextElementSibling ?? row?.previousElementSibling ?? document.querySelector('.dg-ways')
  other?.querySelector<HTMLButtonElement>('button:last-of-type')?.focus()
}

function iconOf(input: DeskInput): IconName {
  if (input.state === 'failed') return 'warning'
  if (input.role === 'saw') return 'eye'
  if (input.origin === 'followed') return 'refresh'
  return input.kind?.endsWith('files') ? 'folder' : /configuration|source|manifest|file$|command lines|unit|Caddyfile|Procfile|VCL|template|\.(?:yml|yaml|json)$/.test(input.kind ?? '') ? 'limits' : 'lines'
}

function factsOf(input: DeskInput) {
  const size = [formatBytes(input.bytes), ...(input.lines > 0 ? [countText(input.lines, 'line')] : []), ...(input.facts > 0 && input.role === 'source' && input.lines > 0 ? [`${input.facts} of interest`] : [])].join(' · ')
  switch (input.state) {
    case 'waiting': return <span className="dim">waiting to be read</span>
    case 'reading': return <span className="is-running">being read…</span>
    case 'canceled': return <span className="is-warn">reading was cancelled</span>
    case 'failed': return <span className="dim">could not be read</span>
    case 'following': return <><span className="is-running dg-live"><i className="dot dot-live" />following</span> <span className="dim num">{size}</span></>
    case 'stopped': return <span className="dim num">not followed now · {size}</span>
    case 'read': return <span className="dim num">{input.kind ?? 'nothing that is known'} · {size}</span>
  }
}
