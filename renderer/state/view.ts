import { create } from 'zustand'
import { paneIds, type PaneId } from '../../shared/bridge/host-commands.ts'

export { paneIds, type PaneId }
export type ThemeChoice = 'system' | 'light' | 'dark'
export type AxisMode = 'break' | 'log' | 'linear'

/** How the screen is arranged: remembered on this machine, never part of a run. */
export interface ViewState {
  pane: PaneId
  theme: ThemeChoice
  /** px; null = the default of the drawing. */
  planWidth: number | null
  widePlanWidth: number | null
  inputHeight: number | null
  /** Height of verdict and timing; null = as much as they need. */
  verdictHeight: number | null
  timingHeight: number | null
  axisMode: AxisMode
  logWrap: boolean
  logTime: 'relative' | 'absolute'
  /** A log that is copied or saved has times, sources and levels before its lines. */
  logColumns: boolean
  lineTimes: boolean
  /** The verdict's details are unfolded; then the chart makes room. */
  detailsOpen: boolean
  /** Single letters are shortcuts. Who dictates, or types with one finger, may want them off (WCAG 2.1.4). */
  letterKeys: boolean
}

const initial: ViewState = {
  pane: 'script', theme: 'system', planWidth: null, widePlanWidth: null, inputHeight: null, verdictHeight: null, timingHeight: null,
  axisMode: 'break', logWrap: false, logTime: 'relative', logColumns: true, lineTimes: true, detailsOpen: false, letterKeys: true,
}
const storageKey = 'cutoff.view.1'

export const useView = create<ViewState>(() => ({ ...initial, ...remembered() }))

export function setView(change: Partial<ViewState>): void {
  useView.setState(change)
}

useView.subscribe((state) => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(state))
  } catch {
    // A full or forbidden storage costs the arrangement, nothing else.
  }
})

function remembered(): Partial<ViewState> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return typeof stored === 'object' && stored !== null ? { ...(stored as Partial<ViewState>), pane: 'script', detailsOpen: false } : {}
  } catch {
    return {}
  }
}
