import type { LogFilter, LogPage } from '../../../shared/bridge/contract.ts'
import type { StoredLog } from '../../../electron/log/log-store.ts'

/** Asks until the scan is over, as a screen does. */
export async function searchToEnd(log: StoredLog, filter: LogFilter, from = 0, count = 100): Promise<LogPage> {
  for (;;) {
    const page = await log.query({ from, count, filter })
    if (!page.scanning) return page
  }
}
