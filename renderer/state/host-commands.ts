import type { HostCommand } from '../../shared/bridge/host-commands.ts'
import { runNow } from './actions.ts'
import { onPush } from './engine.ts'
import { importRunAt, importRunFiles } from './history.ts'
import { askWhereToSave, openScriptAt, openScriptFiles, saveScript, saveScriptAs } from './files.ts'
import { activeTab, addTab, closeTab, usePlan } from './plan.ts'
import { stopRun } from './run.ts'
import { cycleTheme } from './theme.ts'
import { complain, offerUndo } from './undo.ts'
import { paneIds, setView } from './view.ts'

/** What the host may ask for (menu, second instance, file association), by name. Unknown names do nothing. */
export function followCommands(): void {
  onPush('command', ({ name, value }) => {
    switch (name as HostCommand) {
      case 'run.start': void runNow(); return
      case 'run.stop': void stopRun(); return
      case 'run.open': if (typeof value === 'string') void importRunAt(value); else void importRunFiles(); return
      case 'script.new': addTab(); setView({ pane: 'script' }); return
      case 'script.open': if (typeof value === 'string') void openScriptAt(value); else void openScriptFiles(); return
      case 'script.save': void saveScript(); return
      case 'script.saveAs': if (typeof value === 'string') void saveAt(value); else askWhereToSave(); return
      case 'script.close': closeScript(); return
      case 'theme': cycleTheme(); return
      case 'palette.open': press({ key: 'k', ctrlKey: true }); return
      case 'shortcuts.open': press({ key: '?' }); return
      case 'pane': { const pane = paneIds.find((id) => id === value); if (pane) setView({ pane }); return }
      default:
    }
  })
}

/** To a path that the system's dialog gave: about a file that is there already it has asked. */
async function saveAt(path: string): Promise<void> {
  const refused = await saveScriptAs(path, true)
  if (refused) complain(refused.problem)
}

function closeScript(): void {
  const tab = activeTab(usePlan.getState())
  offerUndo(`${tab.name} closed`, closeTab(tab.id))
}

/** Palette and list of shortcuts belong to the screen's components; their keys open them. */
function press(key: KeyboardEventInit): void {
  window.dispatchEvent(new KeyboardEvent('keydown', key))
}
