import { Modal } from '@mantine/core'
import { commandKeys, desktopKeys, paneIds, paneKeys } from '../shared/bridge/host-commands.ts'
import { hostOf } from './state/engine.ts'
import { setView, useView } from './state/view.ts'
import { Icon } from './ui/icon.tsx'
import { Keys } from './ui/keys.tsx'

type Shortcut = readonly [keys: string, what: string]
const shortcuts: readonly Shortcut[] = [
  [commandKeys['run.start'], 'run'], ['Esc', 'stop the run, or clear the selection'], [commandKeys['run.stop'], 'stop the run'], [commandKeys['palette.open'], 'search or command'],
  [commandKeys['script.open'], 'open a script'], [commandKeys['script.save'], 'save the script'], ...paneIds.map((pane): Shortcut => [paneKeys(pane), pane]),
  ['Mod+Z', 'undo what was removed or replaced (outside of texts)'], ['J', 'next event'], ['K', 'previous event'], ['C', 'to the cut'], ['F', 'fit the time axis'], ['+', 'zoom in (in the chart)'], ['-', 'zoom out (in the chart)'], ['Shift+→', 'move the chart’s pointer, Enter selects'], ['/', 'filter the log'], ['End', 'follow the log'], ['Space', 'freeze the view while running'],
  ['X', 'swap A and B (comparing)'], ['N', 'next difference (comparing)'], [commandKeys['shortcuts.open'], 'this list'],
]
const inWindowOfOurOwn: readonly Shortcut[] = [
  [desktopKeys['script.new'], 'new script'], [desktopKeys['script.saveAs'], 'save the script as'], [desktopKeys['script.close'], 'close the script'], [desktopKeys['run.open'], 'open a saved run'],
]

/** All shortcuts. Single letters work where no text field has the focus. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const letterKeys = useView((view) => view.letterKeys)
  return (
    <Modal opened={opened} onClose={onClose} withCloseButton={false} size={580} transitionProps={{ duration: 0 }} attributes={{ content: { 'aria-label': 'Shortcuts' } }} classNames={{ content: 'help' }}>
      <div className="row"><h2 className="grow help-title">Shortcuts</h2><button type="button" className="btn btn-ghost" aria-label="Close" onClick={onClose}><Icon name="close" /></button></div>
      <dl className="help-list">{[...shortcuts, ...(hostOf() === 'desktop' ? inWindowOfOurOwn : [])].map(([keys, what]) => <div key={keys}><dt><Keys keys={keys} /><span className="sr-only">{keys}</span></dt><dd>{what}</dd></div>)}</dl>
      <label className="switch"><input type="checkbox" role="switch" aria-checked={letterKeys} checked={letterKeys} onChange={(event) => setView({ letterKeys: event.currentTarget.checked })} />Single letters are shortcuts</label>
      <p className="dim">Single letters work where no text field has the focus. In the editor Tab indents; press Esc, then Tab, to leave it.</p>
    </Modal>
  )
}
