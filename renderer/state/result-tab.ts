import { create } from 'zustand'

/** Which of the views below the chart is open. */
export type ResultTab = 'log' | 'output' | 'response' | 'flame'

export const useResultTab = create<{ tab: ResultTab }>(() => ({ tab: 'log' }))

export function showResult(tab: ResultTab): void {
  useResultTab.setState({ tab })
}
