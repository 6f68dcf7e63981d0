import { Fragment, useEffect } from 'react'
import type { Reading } from '../../../shared/limits/readings.ts'
import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import { copyText } from '../../state/actions.ts'
import { useEngine } from '../../state/engine.ts'
import { useBeat } from '../../state/clock.ts'
import { isLive, useRun } from '../../state/run.ts'
import { stacksOf } from '../../state/stacks.ts'
import { readSystem, useSystem } from '../../state/system.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { clockTime, groupedOf } from '../../ui/numbers.ts'
import { MemoryFacts } from './memory-facts.tsx'
import './system.css'

/** How often the machine is read while the pane is open (ms). */
const everyMs = 5000
const groups: readonly { id: Reading['group']; title: string }[] = [
  { id: 'python', title: 'Interpreters' }, { id: 'limits', title: 'Limits of this session' }, { id: 'memory', title: 'Memory' }, { id: 'disk', title: 'Disk' },
  { id: 'cgroup', title: 'Control groups' }, { id: 'tools', title: 'Tools' }, { id: 'system', title: 'Machine' },
]

/** The machine: the run's process tree live, what can be enforced here, and every reading with what to do about it. */
export function System() {
  const { readings, reading, error } = useSystem()
  const missing = useEngine((state) => state.hello?.missing) ?? []
  useEffect(() => {
    void readSystem()
    const timer = setInterval(() => { if (!document.hidden) void readSystem() }, everyMs)
    return () => clearInterval(timer)
  }, [])
  const text = () => (readings?.readings ?? []).map((item) => `${item.label}: ${item.value}${item.advice ? ` (${item.advice})` : ''}`).join('\n')
  return (
    <section className="plan-pane" aria-label="System">
      <div className="head">
        <h2>System</h2><span className="dim num">{readings ? `read ${clockTime(new Date(readings.takenAt))}` : 'reading…'}</span><span className="grow" />
        <button type="button" className="btn btn-sm btn-ghost" disabled={reading} onClick={() => void readSystem()}><Icon name="refresh" small />Look again</button>
        <button type="button" className="btn btn-sm btn-ghost" disabled={!readings} onClick={() => void copyText(text(), 'Readings')}><Icon name="copy" small />Copy</button>
      </div>
      {/* What scrolls takes the focus, so that it can be read with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll-y" role="group" aria-label="Readings" tabIndex={0}>
        <ThisRun />
        {error ? <div className="notice notice-problem"><Icon name="warning" /><p>{error.message} {error.hint}</p></div> : null}
        {missing.length > 0 ? (
          <>
            <div className="head head-sub"><h3 className="strong">Cannot be enforced here</h3></div>
            {missing.map((item) => <div key={item.limitId} className="check"><span className="is-warn"><Icon name="warning" small /></span><span className="mono clip">{item.limitId}</span><span className="dim check-why" title={item.reason}>{item.reason}</span></div>)}
          </>
        ) : null}
        {groups.map(({ id, title }) => {
          const items = readings?.readings.filter((item) => item.group === id) ?? []
          if (items.length === 0) return null
          return (
            <div key={id} role="group" aria-label={title}>
              <div className="head head-sub"><h3 className="strong">{title}</h3></div>
              {items.map((item) => <ReadingRow key={item.id} item={item} />)}
            </div>
          )
        })}
      </div>
    </section>
  )
}

const stateIcons = { ok: 'ok', warning: 'warning', problem: 'warning' } as const
const stateTones = { ok: 'is-ok', warning: 'is-warn', problem: 'is-cut' } as const
const stateWords = { ok: 'ok', warning: 'warning', problem: 'problem' } as const

/** A reading with its judgement: a word for screen readers, a mark and a colour for eyes. */
function ReadingRow({ item }: { item: Reading }) {
  return (
    <div className="reading">
      <span className={stateTones[item.state]}><Icon name={stateIcons[item.state]} small /><span className="sr-only">{stateWords[item.state]}</span></span>
      <span className="reading-name">{item.label}</span>
      <span className="strong reading-value" title={item.value}>{item.value}</span>
      {item.advice ? <p className="ink-2 reading-advice">{item.advice}</p> : null}
    </div>
  )
}

const addressSpace = 'Address space'

/** The script's process tree, as its last reading tells. */
function ThisRun() {
  const run = useRun((state) => state.run)
  useBeat()
  const live = useRun(isLive)
  const last = run.readings.at(-1)
  const { process, exit } = run
  if (!process) return null
  const cap = run.limits.find((limit) => limit.id === 'os.address_space' && limit.value !== null)?.value ?? null
  const segment = stacksOf(run).segments.at(-1)
  const rows: [string, string][] = [
    ['CPU time', exit?.exit.cpuMs != null ? formatMs(Math.round(exit.exit.cpuMs)) : last ? formatMs(Math.round(last.cpuMs)) : '…'],
    ...(last ? [
      [addressSpace, `${formatBytes(last.addressSpaceBytes)}${cap ? ` of ${formatBytes(cap)}` : ''}`], ['Resident', formatBytes(last.rssBytes)],
      ['Processes, threads', `${groupedOf(last.processes)}, ${groupedOf(last.threads)}`],
    ] as [string, string][] : []),
    ...(segment && live ? [['State', segment.state] as [string, string]] : []),
    ...(exit ? [['Ended', exit.exit.signal ? `signal ${exit.exit.signal}` : `exit code ${exit.exit.exitCode}`] as [string, string]] : []),
  ]
  return (
    <>
      <div className="head head-sub"><h3 className="strong">This run</h3><span className="dim">{live ? 'process tree, live' : 'process tree, last reading'}</span></div>
      <div className="process"><LayerMark tone="python" /><span className="clip">{process.python}</span><span className="dim num">pid {process.pid}</span><span className="dim">{process.pythonVersion}{process.warm ? ', kept warm' : ''}</span></div>
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <div className="fact"><span>{name}</span><span className="strong num">{value}</span></div>
          {name === addressSpace && last && cap ? <AddressSpace share={last.addressSpaceBytes / cap} /> : null}
        </Fragment>
      ))}
      <MemoryFacts run={run} />
    </>
  )
}

/** How much of what it may reserve it has, below the figures. */
function AddressSpace({ share }: { share: number }) {
  return <div className="meter tone-os" role="meter" aria-label="Address space used" aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${Math.min(100, share * 100)}%` }} /></div>
}
