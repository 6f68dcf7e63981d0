import type { DesktopApp } from './desktop-app.ts'

/** Pid of the engine's own process, as the app itself knows it. */
export async function engineOf(app: DesktopApp): Promise<number> {
  const pid = await app.evaluate(({ app: own }) => own.getAppMetrics().find(({ name }) => name === 'Cutoff engine')?.pid)
  if (!pid) throw new Error('no engine process runs')
  return pid
}
