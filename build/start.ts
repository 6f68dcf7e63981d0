import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../electron/hosts/web/browsers.ts'
import { hasDisplay, openAppWindow } from '../electron/hosts/web/open-window.ts'
import { serveApp } from '../electron/hosts/web/serve-app.ts'
import { electronExecutable, fetchElectron } from './electron-runtime.ts'
import { buildStale, root } from './parts/fresh.ts'
import { allParts, screen } from './parts/index.ts'

/**
 * `npm start [-- FILE.py]`: builds what has changed and starts the app: in Electron where its runtime is there or can be fetched and there
 * is a display; else the same screen from the web host, in an app window of an installed Chromium, or at an address that is printed.
 */
const say = (line: string) => process.stderr.write(`${line}\n`)
const failedFetch = join(root, 'out/electron-fetch-failed')
const dayMs = 24 * 60 * 60 * 1000
/** Longer than a slow network needs for a first byte, shorter than people wait. */
const patienceMs = 15_000

const files = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))

const runtime = hasDisplay() ? await electronRuntime() : { ok: false as const, reason: 'there is no display' }
if (runtime.ok) {
  await buildStale(allParts, say)
  await runElectron(runtime.path)
} else {
  say(`Electron cannot run here (${runtime.reason}): Cutoff opens in the browser instead.`)
  await buildStale([screen], say)
  await runWeb()
}

/** A failed fetch is not tried again for a day: it would cost every start the wait. `--fetch-electron` tries at once. */
async function electronRuntime(): Promise<{ ok: true; path: string } | { ok: false; reason: string }> {
  const path = electronExecutable()
  if (path) return { ok: true, path }
  const remembered = process.argv.includes('--fetch-electron') ? null : rememberedFailure()
  if (remembered) return { ok: false, reason: `its runtime could not be fetched: ${remembered}; \`npm start -- --fetch-electron\` tries again` }
  say("Fetching Electron's runtime, once ...")
  const fetched = await fetchElectron(patienceMs)
  if (fetched.ok) {
    rmSync(failedFetch, { force: true })
    return fetched
  }
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(failedFetch, JSON.stringify({ atMs: Date.now(), reason: fetched.reason }))
  return { ok: false, reason: `its runtime could not be fetched: ${fetched.reason}` }
}

function rememberedFailure(): string | null {
  try {
    const { atMs, reason } = JSON.parse(readFileSync(failedFetch, 'utf8')) as { atMs: number; reason: string }
    return Date.now() - atMs < dayMs ? reason : null
  } catch {
    return null
  }
}

async function runElectron(path: string): Promise<void> {
  // Chromium's sandbox refuses to start for root. Nobody should work as root; whoever does is told what it costs.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (asRoot) say('You are root: the window runs without its sandbox.')
  const electron = spawn(path, [...(asRoot ? ['--no-sandbox'] : []), join(root, 'dist/electron/main.js'), ...files], { stdio: 'inherit' })
  // Ctrl+C reaches Electron by itself, as a part of the same group; other signals are passed on.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => electron.kill('SIGTERM'))
  process.exitCode = await new Promise<number>((resolve) => { electron.once('exit', (code) => resolve(code ?? 1)) })
}

async function runWeb(): Promise<void> {
  const ended = signal()
  if (files.length > 0) say(`A browser is not told of files: open ${files.join(', ')} there with Ctrl+O.`)
  const app = await serveApp()
  const browser = hasDisplay() ? findChromium() : null
  const window = browser && await openAppWindow(browser.path, app.host.url)
  if (window) say('Cutoff opens in a window of its own. Closing it, or Ctrl+C, ends everything.')
  const closed = window ? await Promise.race([ended, app.engine.then(() => ended), window.ended]) : 'failed'
  if (closed === 'failed') {
    if (window) say('The window could not be opened (is the display there?).')
    // stdout carries the address for whoever has to open it.
    process.stdout.write(`${app.host.url}\n`)
    say('Open this address in a browser on this machine. Ctrl+C ends everything.')
    await Promise.race([ended, app.engine.then(() => ended)])
  }
  await window?.close()
  await app.close()
  process.exit(0)
}

function signal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve())
  })
}
