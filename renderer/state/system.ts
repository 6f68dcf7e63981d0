import { create } from 'zustand'
import type { CallError } from '../../shared/bridge/contract.ts'
import type { Readings } from '../../shared/limits/readings.ts'
import { call, onPush, toCallError } from './engine.ts'
import { usePlan } from './plan.ts'

/** Readings of the machine. */
interface SystemState { readings: Readings | null; reading: boolean; error: CallError | null; tookMs: number | null }

export const useSystem = create<SystemState>(() => ({ readings: null, reading: false, error: null, tookMs: null }))

/** Reads the machine anew. */
export async function readSystem(): Promise<void> {
  if (useSystem.getState().reading) return
  useSystem.setState({ reading: true })
  const from = performance.now()
  try {
    const readings = await call('doctor', { python: usePlan.getState().python })
    useSystem.setState({ readings, reading: false, error: null, tookMs: performance.now() - from })
  } catch (error) {
    useSystem.setState({ reading: false, error: toCallError(error) })
  }
}

/** Takes what the engine pushes while somebody watches; called once. */
export function followSystem(): void {
  onPush('readings', (readings) => useSystem.setState({ readings }))
}
