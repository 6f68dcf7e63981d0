import { findChromium } from '../web/browsers.ts'
import { hasDisplay, openAppWindow, type AppWindow } from '../web/open-window.ts'
import { serveApp } from '../web/serve-app.ts'
import { onStopSignals } from './stop-signal.ts'
import { UsageError } from './usage-error.ts'

/** `cutoff serve`: the screen for a browser on this machine, until Ctrl+C. stdout carries the address and nothing else. */
export async function serveCommand(options: { port?: string; open?: boolean }): Promise<void> {
  const port = portOf(options.port)
  const ended = untilSignal()
  const app = await serveApp({ port })
  let window: AppWindow | null = null
  try {
    process.stdout.write(`${app.host.url}\n`)
    process.stderr.write('Serving on 127.0.0.1 only. Ctrl+C ends it.\n')
    window = options.open === false || !hasDisplay() ? null : await openBrowser(app.host.url)
    // An engine that cannot be loaded ends it too, with its reason.
    await Promise.race([ended, app.engine.then(() => ended)])
  } finally {
    await window?.close()
    await app.close()
  }
}

/** An app window of an installed Chromium; without one, the address on stdout has to do. */
async function openBrowser(url: string): Promise<AppWindow | null> {
  const browser = findChromium()
  if (browser === null) return null
  return openAppWindow(browser.path, url)
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError('bad_value', `--port takes a number from 1 to 65535, not "${text}"`, { where: '--port' })
  return port
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => { onStopSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], resolve) })
}
