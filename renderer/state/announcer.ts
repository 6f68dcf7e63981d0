import { create } from 'zustand'

/** What a screen reader is told next: stages, the next limit, the verdict; never every frame. */
export const useAnnouncer = create<{ text: string; count: number }>(() => ({ text: '', count: 0 }))

export function announce(text: string): void {
  useAnnouncer.setState((state) => ({ text, count: state.count + 1 }))
}
