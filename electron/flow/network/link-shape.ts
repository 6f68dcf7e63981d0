import type { FaultPlan } from '../../../shared/run/plan.ts'
import type { LinkShape } from './lane.ts'
import type { LinkFaults } from './link-faults.ts'

/** What latency and bandwidth make of a link. `acted` is called when one of them holds something back. */
export function shapeOf(faults: LinkFaults, isOn: (fault: FaultPlan) => boolean, acted: (fault: FaultPlan, message: string) => void): LinkShape {
  return {
    delayMs() {
      let delay = 0
      for (const fault of faults.latency) {
        if (!isOn(fault)) continue
        delay += (fault.amount ?? 0) + (Math.random() * 2 - 1) * (fault.jitterMs ?? 0)
        acted(fault, 'latency: data is passed on later')
      }
      return delay
    },
    bytesPerSecond() {
      const slow = faults.bandwidth.find(isOn)
      if (!slow) return null
      acted(slow, 'bandwidth: data is passed on slowly')
      return slow.amount
    },
  }
}
