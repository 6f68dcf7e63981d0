import { startTransition, useEffect, useState } from 'react'
import { afterPaint } from './after-paint.ts'

/**
 * Counts from 1 to `last`, one up per frame. Parts of the screen that appear together are drawn one after the other by it, so that
 * no single frame has to make all of them and the page answers in between.
 */
export function useStages(last: number): number {
  const [stage, setStage] = useState(1)
  useEffect(() => (stage < last ? afterPaint(() => startTransition(() => setStage(stage + 1))) : undefined), [stage, last])
  return stage
}
