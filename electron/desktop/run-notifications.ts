import { Notification } from 'electron'
import { formatMs } from '../../shared/limits/units.ts'
import type { RunRecord } from '../../shared/run/record.ts'
import type { EnginePort, Push } from '../hosts/engine-port.ts'

/** Shorter runs end while the user still looks. */
const longRunMs = 5000
/** A record is there a moment after its run's end: asked for so often, so many ms apart. */
const attempts = 20
const againMs = 100

/** A long run that ended. */
export interface EndedRun { runId: string; name: string; tookMs: number }
/** What people who look elsewhere meanwhile are told. */
export interface RunNotice { title: string; body: string }

/** Follows the facts of runs and says when a long one is over. Keeps one name per run under way, no facts. */
export function createRunWatch(): (push: Push) => EndedRun | null {
  const names = new Map<string, string>()
  return (push) => {
    if (push.push !== 'events') return null
    const { runId, events } = push.value
    for (const event of events) {
      if (event.type === 'run_started') names.set(runId, event.plan.script.name)
      if (event.type !== 'run_ended') continue
      const name = names.get(runId)
      names.delete(runId)
      if (name !== undefined && event.atMs >= longRunMs) return { runId, name, tookMs: event.atMs }
    }
    return null
  }
}

/** The verdict, as the screen says it; without one (the record cannot be had) that the run is over. */
export async function noticeOf({ runId, name, tookMs }: EndedRun, engine: Pick<EnginePort, 'call'>): Promise<RunNotice> {
  const record = await recordOf(runId, engine).catch(() => null)
  const took = `after ${formatMs(tookMs)}`
  return record ? { title: `${name}: ${record.outcome} ${took}`, body: record.verdict.headline } : { title: `${name}: the run is over`, body: `It ended ${took}.` }
}

async function recordOf(runId: string, engine: Pick<EnginePort, 'call'>): Promise<RunRecord | null> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const record = await engine.call('runRecord', [runId])
    if (record) return record
    await new Promise((resolve) => { setTimeout(resolve, againMs) })
  }
  return null
}

/** Notices that may still be clicked; unless somebody holds them they are collected, and with them the click. */
const shown = new Set<Notification>()

/** Shows the notice where the system can; a click leads back to the window. */
export function showNotice({ title, body }: RunNotice, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  shown.add(notification)
  notification.on('close', () => { shown.delete(notification) })
  notification.on('click', () => { shown.delete(notification); onClick() })
  notification.show()
}
