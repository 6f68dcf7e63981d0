import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryName } from '../../leftovers.ts'

/** A browser window of its own that shows the screen like an application. */
export interface AppWindow {
  /** `closed` when the user closed it, or `close` did; `failed` when the browser ended in error before anybody can have seen it. */
  readonly ended: Promise<'closed' | 'failed'>
  close(): Promise<void>
}

/** A browser that finds no display, or lacks a library, says so by its exit code within this time (ms). */
const failsWithinMs = 5000

/** Whatever asks, nothing but our own address is reached: no other name or address is resolved, and WebRTC gets no datagrams. */
export const offlineSwitches = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--webrtc-ip-handling-policy=disable_non_proxied_udp'] as const

/** Is there a screen to open a window on? On macOS and Windows always; elsewhere an X or Wayland display is named by the environment. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/**
 * Opens `url` in an app window of the Chromium at `browserPath`, with a profile of its own that goes with the window: the user's own
 * browser, its extensions and its history stay out of it, and its process ends when the window does.
 */
export async function openAppWindow(browserPath: string, url: string): Promise<AppWindow> {
  const profile = await mkdtemp(join(tmpdir(), temporaryName('window')))
  const browser = spawn(browserPath, [
    `--app=${url}`, `--user-data-dir=${profile}`, '--window-size=1440,900', '--no-first-run', '--no-default-browser-check',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions', ...offlineSwitches,
    // Chromium's sandbox refuses to start for root; nothing but our own page is ever shown in this window.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ], { stdio: 'ignore', detached: process.platform !== 'win32' })
  const startedMs = performance.now()
  const exited = new Promise<'closed' | 'failed'>((resolve) => {
    browser.once('exit', (code) => resolve(code !== 0 && code !== null && performance.now() - startedMs < failsWithinMs ? 'failed' : 'closed')).once('error', () => resolve('failed'))
  })
  const tidied = exited.then(() => rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })).catch(() => undefined)
  return {
    ended: exited,
    async close() {
      end(browser)
      await tidied
    },
  }
}

/** Ends the browser with all its helpers: they are one process group. */
function end(browser: ChildProcess): void {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return
  try {
    if (process.platform === 'win32') browser.kill()
    else process.kill(-browser.pid, 'SIGTERM')
  } catch {
    // It ended in this very moment.
  }
}
