import { useSyncExternalStore } from 'react'
import { setView, useView } from './view.ts'

const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null

/** `light` or `dark`, as chosen or as the system says. */
export function useTheme(): 'light' | 'dark' {
  const choice = useView((view) => view.theme)
  const systemDark = useSyncExternalStore((listen) => {
    dark?.addEventListener('change', listen)
    return () => dark?.removeEventListener('change', listen)
  }, () => dark?.matches ?? false)
  return choice === 'system' ? (systemDark ? 'dark' : 'light') : choice
}

/** The next choice in the round system -> light -> dark. */
export function cycleTheme(): void {
  const order = ['system', 'light', 'dark'] as const
  const index = order.indexOf(useView.getState().theme)
  setView({ theme: order[(index + 1) % order.length] ?? 'system' })
}
