import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium as playwright } from 'playwright-core'
import { findChromium } from '../../electron/hosts/web/browsers.ts'
import { installDebianPackages, isDebian, type Problem } from './debian-install.ts'
import { unpackDebianPackages } from './debian-unpack.ts'

/** Command-line switches for every Chromium that tests start: quiet, no network of its own, and able to run as root. */
export const chromiumSwitches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export type Found = { ok: true; path: string; from: string } | { ok: false; problem: string }

/** The Chromium that the tests drive: named by CUTOFF_CHROMIUM, installed, or fetched by an earlier set-up. */
export function chromiumForTests(): Found {
  try {
    const browser = findChromium()
    if (browser) return { ok: true, path: browser.path, from: browser.from }
    const fetched = playwright.executablePath()
    if (canStart(fetched)) return { ok: true, path: fetched, from: "Playwright's download" }
    return { ok: false, problem: 'No Chromium was found. Run `npm test`, which installs one, or set CUTOFF_CHROMIUM to the path of a Chromium, Chrome or Edge.' }
  } catch (error) {
    return { ok: false, problem: (error as Error).message }
  }
}

/** Finds a Chromium that starts, or installs one: Debian's package where we are root, else Playwright's download, else Debian's package unpacked for this user. */
export function provideChromium(say: (line: string) => void): Found {
  const present = chromiumForTests()
  if (present.ok || process.env.CUTOFF_CHROMIUM) return present
  const problems: string[] = []
  for (const { name, install } of waysToInstall()) {
    say(`Chromium: none found, trying ${name} ...`)
    const problem = install()
    const found = chromiumForTests()
    if (!problem && found.ok && canStart(found.path)) return { ...found, from: name }
    problems.push(`${name}: ${problem ?? 'it does not start'}`)
  }
  return { ok: false, problem: `No Chromium was found and none could be installed (${problems.join('; ')}). Install Chromium, Chrome or Edge, or set CUTOFF_CHROMIUM to one.` }
}

function waysToInstall(): { name: string; install: () => Problem }[] {
  const debianPackage = { name: "Debian's package", install: () => installDebianPackages(['chromium']) }
  const download = { name: "Playwright's download", install: downloadWithPlaywright }
  const unpacked = { name: "Debian's package, unpacked for this user", install: () => unpackDebianPackages(['chromium'], [{ command: 'chromium', path: 'usr/lib/chromium/chromium' }]) }
  if (!isDebian()) return [download]
  return process.getuid?.() === 0 ? [debianPackage, download] : [download, unpacked]
}

function downloadWithPlaywright(): Problem {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js')
  const run = spawnSync(process.execPath, [cli, 'install', '--no-shell', 'chromium'], { encoding: 'utf8', timeout: 300_000, stdio: ['ignore', 'ignore', 'pipe'] })
  if (run.status === 0) return null
  return /^(?:Error: )?(?:Download failed|getaddrinfo|connect).*$/m.exec(run.stderr)?.[0] ?? run.stderr.trim().split('\n')[0] ?? 'the download failed'
}

/** Not every Chromium that is there runs: libraries may be missing. */
function canStart(path: string): boolean {
  const profile = mkdtempSync(join(tmpdir(), 'cutoff-chromium-'))
  try {
    const run = spawnSync(path, ['--headless', ...chromiumSwitches, `--user-data-dir=${profile}`, '--dump-dom', 'about:blank'], { timeout: 60_000, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' })
    return run.status === 0 && run.stdout.includes('<html>')
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
