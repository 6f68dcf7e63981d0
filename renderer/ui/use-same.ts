import { useRef } from 'react'

/** The value of the drawing before, as long as `same` calls the new one equal to it: what depends on it is not drawn again. */
export function useSame<Value>(value: Value, same: (before: Value, now: Value) => boolean): Value {
  const kept = useRef(value)
  if (kept.current !== value && !same(kept.current, value)) kept.current = value
  return kept.current
}
