import { onPush } from './engine.ts'
import { importRunAt, importRunFiles } from './history.ts'
import { openScriptAt, openScriptFiles, saveScript } from './files.ts'
import { addTab } from './plan.ts'
import { startRun, stopRun } from './run.ts'
import { cycleTheme } from './theme.ts'
import { paneIds, setView } from './view.ts'

/** What the host may ask for (menu, second instance, file association), by name. Unknown names do nothing. */
export function followCommands(): void {
  onPush('command', ({ name, value }) => {
    switch (name) {
      case 'run.start': void startRun(); return
      case 'run.stop': void stopRun(); return
      case 'run.open': if (typeof value === 'string') void importRunAt(value); else void importRunFiles(); return
      case 'script.new': addTab(); return
      case 'script.open': if (typeof value === 'string') void openScriptAt(value); else void openScriptFiles(); return
      case 'script.save': void saveScript(); return
      case 'theme': cycleTheme(); return
      case 'palette.open': window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true })); return
      case 'pane': { const pane = paneIds.find((id) => id === value); if (pane) setView({ pane }); return }
      default:
    }
  })
}
