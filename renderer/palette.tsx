import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { useEffect, useRef, useState } from 'react'
import { askedCommands, commandsNow, type Command } from './state/commands.ts'
import { findRuns, useFoundRuns } from './state/find-runs.ts'
import { Icon } from './ui/icon.tsx'
import { Keys } from './ui/keys.tsx'
import '@mantine/spotlight/styles.layer.css'
import './palette.css'

/** Runs stand last: they come a moment later, and must not move what is about to be chosen. */
const order: readonly Command['group'][] = ['Do', 'Go to', 'Limits', 'Samples and profiles', 'Runs']
/** Entries shown per group, so that every group has its place. */
const perGroup = 8

const [store, spotlight] = createSpotlight()

/** The list chooses its first entry when one types; where there was none by then, the first one that comes is chosen. */
function chooseFirst(list: HTMLElement): void {
  if (list.querySelector('[data-selected]')) return
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  store.updateState((state) => ({ ...state, selected: 0 }))
}

/** Every word of the query has to be in the label or the hint; those whose label has them all come first: Enter takes the first one. */
export function filterCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const hasAll = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  const found = commands.filter(({ label, hint, group }) => hasAll(`${label} ${hint} ${group}`))
  return [...found.filter(({ label }) => hasAll(label)), ...found.filter(({ label }) => !hasAll(label))]
}

/** Ctrl+K: everything the screen can do, in words. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [commands, setCommands] = useState<Command[]>([])
  useEffect(() => {
    if (!opened) return
    setQuery('')
    setCommands(commandsNow())
    spotlight.open()
  }, [opened])
  useEffect(() => { findRuns(opened ? query : '') }, [opened, query])
  const { commands: runs, searching } = useFoundRuns()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => { if (list.current) chooseFirst(list.current) }, [runs])
  const found = [...askedCommands(query), ...filterCommands(commands, query.replace(/^>/, '')), ...(searching ? filterCommands(runs, query) : runs)]
  return (
    <Spotlight.Root store={store} query={query} onQueryChange={setQuery} onSpotlightClose={onClose} shortcut={null} size={620} yOffset={96} transitionProps={{ duration: 0 }} overlayProps={{ blur: 0, backgroundOpacity: 1, color: 'var(--bg-scrim)' }} attributes={{ content: { 'aria-label': 'Search or command' } }} classNames={{ content: 'palette', overlay: 'palette-scrim' }}>
      <Spotlight.Search placeholder="Search or command" leftSection={<Icon name="search" />} aria-label="Search or command" classNames={{ input: 'palette-input' }} />
      <Spotlight.ActionsList ref={list} classNames={{ actionsList: 'palette-list' }}>
        {found.length === 0 ? <Spotlight.Empty>{searching ? 'Searching the kept runs…' : 'Nothing is called that.'}</Spotlight.Empty> : order.map((group) => {
          const items = found.filter((command) => command.group === group).slice(0, perGroup)
          return items.length === 0 ? null : (
            <Spotlight.ActionsGroup key={group} label={group} classNames={{ actionsGroup: 'palette-group' }}>
              {items.map((command) => (
                <Spotlight.Action key={command.id} onClick={command.run} className="palette-action">
                  <Icon name={command.icon} /><span className="clip palette-label"><Marked text={command.label} query={query} /></span><span className="dim clip">{command.hint}</span><span className="grow" />{command.keys ? <Keys keys={command.keys} /> : null}
                </Spotlight.Action>
              ))}
            </Spotlight.ActionsGroup>
          )
        })}
      </Spotlight.ActionsList>
      <Spotlight.Footer className="palette-foot"><span><kbd>↑</kbd><kbd>↓</kbd> choose</span><span><kbd>Enter</kbd> do it</span><span><kbd>Esc</kbd> close</span><span className="grow" /><span>:1240 time · #412 or words of a run · client.total 2s · /path/script.py</span></Spotlight.Footer>
    </Spotlight.Root>
  )
}

/** The words that were looked for, underlined. */
function Marked({ text, query }: { text: string; query: string }) {
  const words = query.split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (words.length === 0) return text
  return text.split(new RegExp(`(${words.join('|')})`, 'gi')).map((part, index) => (index % 2 === 1 ? <b key={`${index}${part}`}>{part}</b> : part))
}
