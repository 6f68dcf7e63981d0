import { Notification } from 'electron'
import { formatMs } from '../../shared/limits/units.ts'
import type { Push } from '../hosts/engine-port.ts'

/** Shorter runs end while the user still looks. */
const longRunMs = 5000

/** A long run that ended, for people who look elsewhere meanwhile. */
export interface RunNotice { title: string; body: string }

/** Follows the facts of runs and says when a long one is over. Keeps one name per run under way, no facts. */
export function createRunWatch(): (push: Push) => RunNotice | null {
  const names = new Map<string, string>()
  return (push) => {
    if (push.push !== 'events') return null
    const { runId, events } = push.value
    for (const event of events) {
      if (event.type === 'run_started') names.set(runId, event.plan.script.name)
      if (event.type !== 'run_ended') continue
      const name = names.get(runId)
      names.delete(runId)
      if (name !== undefined && event.atMs >= longRunMs) return { title: `${name}: the run is over`, body: `It took ${formatMs(event.atMs)}. Cutoff shows what cut it, if anything did.` }
    }
    return null
  }
}

/** Shows the notice where the system can; a click leads back to the window. */
export function showNotice({ title, body }: RunNotice, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  notification.on('click', onClick)
  notification.show()
}
