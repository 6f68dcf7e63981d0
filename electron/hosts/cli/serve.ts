import { createEngine } from '../../engine.ts'
import { findChromium } from '../web/browsers.ts'
import { hasDisplay, openAppWindow, type AppWindow } from '../web/open-window.ts'
import { serveWeb } from '../web.ts'
import { UsageError } from './usage-error.ts'
import { version } from './version.ts'

/** `cutoff serve`: the screen for a browser on this machine, until Ctrl+C. stdout carries the address and nothing else. */
export async function serveCommand(options: { port?: string; open?: boolean }): Promise<void> {
  const port = portOf(options.port)
  const engine = await createEngine({ history: 'on', host: 'web', version: await version() })
  const host = await serveWeb({ engine, port }).catch(async (error: unknown) => {
    await engine.close()
    throw error
  })
  void engine.warm()
  process.stdout.write(`${host.url}\n`)
  process.stderr.write('Serving on 127.0.0.1 only. Ctrl+C ends it.\n')
  const window = options.open === false || !hasDisplay() ? null : await openBrowser(host.url)
  await untilSignal()
  await window?.close()
  await host.close()
  await engine.close()
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
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}
