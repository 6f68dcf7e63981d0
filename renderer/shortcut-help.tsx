import { Modal } from '@mantine/core'
import { Icon } from './ui/icon.tsx'
import { Keys } from './ui/keys.tsx'

const shortcuts: readonly [keys: string, what: string][] = [
  ['Mod+Enter', 'run'], ['Esc', 'stop the run, or clear the selection'], ['Mod+.', 'stop the run'], ['Mod+K', 'search or command'], ['Mod+O', 'open a script'], ['Mod+S', 'save the script'],
  ['Alt+1', 'script'], ['Alt+2', 'limits'], ['Alt+3', 'cases'], ['Alt+4', 'system'], ['Alt+5', 'history'], ['Alt+6', 'diagnose'],
  ['J', 'next event'], ['K', 'previous event'], ['C', 'to the cut'], ['F', 'fit the time axis'], ['+', 'zoom in (in the chart)'], ['-', 'zoom out (in the chart)'], ['/', 'filter the log'], ['End', 'follow the log'], ['Space', 'freeze the view while running'],
  ['X', 'swap A and B (comparing)'], ['N', 'next difference (comparing)'], ['?', 'this list'],
]

/** All shortcuts. Single letters work where no text field has the focus. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} withCloseButton={false} size={580} transitionProps={{ duration: 0 }} attributes={{ content: { 'aria-label': 'Shortcuts' } }} classNames={{ content: 'help' }}>
      <div className="row"><h2 className="grow help-title">Shortcuts</h2><button type="button" className="btn btn-ghost" aria-label="Close" onClick={onClose}><Icon name="close" /></button></div>
      <dl className="help-list">{shortcuts.map(([keys, what]) => <div key={keys}><dt><Keys keys={keys} /><span className="sr-only">{keys}</span></dt><dd>{what}</dd></div>)}</dl>
      <p className="dim">Single letters work where no text field has the focus. In the editor Tab indents; press Esc, then Tab, to leave it.</p>
    </Modal>
  )
}
