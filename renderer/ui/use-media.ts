import { useSyncExternalStore } from 'react'

/** Does this media query hold? Kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore((listen) => {
    const list = matchMedia(query)
    list.addEventListener('change', listen)
    return () => list.removeEventListener('change', listen)
  }, () => matchMedia(query).matches)
}
