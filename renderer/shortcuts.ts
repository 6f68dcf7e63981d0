import { useEffect } from 'react'
import { goToCut, runNow } from './state/actions.ts'
import { setFrozen, useClock } from './state/clock.ts'
import { openScriptFiles, saveScript } from './state/files.ts'
import { setFollow } from './state/log.ts'
import { clearSelection, usePointer } from './state/pointer.ts'
import { isLive, stopRun, useRun } from './state/run.ts'
import { stepEvent } from './state/step-event.ts'
import { closeNewestProblem, takeBack } from './state/undo.ts'
import { paneIds, setView, useView } from './state/view.ts'

/** Is the key meant for a text? Then single letters are letters. */
function inText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'))
}

/** Keys that work everywhere. Ctrl and Cmd are the same; single letters only where no text field has the focus. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented && event.key !== 'Escape') return
      if (handled(event, onPalette, onHelp)) { event.preventDefault(); event.stopPropagation() }
    }
    // Capture, so that no editor takes Ctrl+Enter for a new line.
    const onCapture = (event: KeyboardEvent) => {
      const mod = event.ctrlKey || event.metaKey
      if (!mod || event.altKey) return
      if (event.key === 'Enter' || event.key === '.' || event.key.toLowerCase() === 'k') onKey(event)
    }
    window.addEventListener('keydown', onCapture, true)
    window.addEventListener('keydown', onKey)
    return () => { window.removeEventListener('keydown', onCapture, true); window.removeEventListener('keydown', onKey) }
  }, [onPalette, onHelp])
}

function handled(event: KeyboardEvent, onPalette: () => void, onHelp: () => void): boolean {
  const mod = event.ctrlKey || event.metaKey
  const live = isLive(useRun.getState())
  const key = event.key.toLowerCase()
  if (mod && !event.altKey) {
    if (key === 'enter') { if (!live) void runNow(); return true }
    if (key === '.') { void stopRun(); return true }
    if (key === 'k') { onPalette(); return true }
    if (key === 'z' && !event.shiftKey && !inText(event.target)) return takeBack()
    // With Shift these are keys of the desktop's menu.
    if (event.shiftKey) return false
    if (key === 'o') { void openScriptFiles(); return true }
    if (key === 's') { void saveScript(); return true }
    return false
  }
  if (event.altKey) {
    const pane = paneIds[Number(event.code.replace('Digit', '')) - 1]
    if (pane && event.code.startsWith('Digit')) { setView({ pane }); return true }
    return false
  }
  if (key === 'escape') {
    // An open list, a dialog or the editor's search field closes first.
    if (event.defaultPrevented || document.querySelector('[role="dialog"], .cm-search')) return false
    if (live) { void stopRun(); return true }
    if (closeNewestProblem()) return true
    if (usePointer.getState().selected) { clearSelection(); return true }
    return false
  }
  if (inText(event.target) || (event.key.length === 1 && !useView.getState().letterKeys)) return false
  switch (event.key) {
    case 'j': case 'J': stepEvent(1); return true
    case 'k': case 'K': stepEvent(-1); return true
    case 'c': case 'C': goToCut(); return true
    case 'f': case 'F': document.querySelector<HTMLElement>('.plot')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'f', bubbles: true })); return true
    case '/': document.querySelector<HTMLInputElement>('#log-filter')?.focus(); return true
    case '?': onHelp(); return true
    case 'End': if (event.target instanceof Element && event.target.closest('[role="log"], [role="separator"]')) return false; setFollow(true); return true
    case ' ': if (!live || (event.target instanceof Element && event.target.closest('button, [role="tab"], a, summary'))) return false; setFrozen(!useClock.getState().frozen); return true
    default: return false
  }
}

