import { announce } from './announcer.ts'
import { call, onPush } from './engine.ts'
import { updateTab, usePlan } from './plan.ts'
import { runAgainOnSave } from './run-on-save.ts'
import { complain, offerUndo } from './undo.ts'

/** Keeps the open scripts in step with their files; called once. */
export function followFiles(): void {
  let watched = ''
  const watch = () => {
    const paths = usePlan.getState().tabs.flatMap((tab) => tab.path ?? [])
    const key = JSON.stringify(paths)
    if (key === watched) return
    watched = key
    void call('watchScripts', paths).catch(() => { watched = '' })
  }
  usePlan.subscribe((state, before) => { if (state.tabs !== before.tabs) watch() })
  watch()
  onPush('scriptChanged', ({ path, text }) => {
    const tab = usePlan.getState().tabs.find((candidate) => candidate.path === path)
    if (!tab || tab.savedText === text) return
    if (text === null) {
      updateTab(tab.id, { savedText: null })
      complain(`${tab.name} is no longer on disk. Save it to have it back there.`)
      return
    }
    const mine = tab.text
    updateTab(tab.id, { text, savedText: text })
    // What was typed here and not saved is one press away.
    if (mine !== tab.savedText && mine !== text) offerUndo(`${tab.name} was changed by another program; your version was replaced`, () => updateTab(tab.id, { text: mine }))
    else announce(`${tab.name} was read again from disk`)
    runAgainOnSave(tab.id)
  })
}
