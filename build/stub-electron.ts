import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
/** Electron's own mark in front of its fuses (@electron/fuses, constants). */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** What the program says when somebody starts it. */
const says = '#!/bin/sh\necho "This package was made where the runtime of Electron could not be had: it can be looked at, not run." >&2\nexit 1\n'

/**
 * Writes a folder with the files of an Electron distribution for Linux, without Electron: enough to be packed and read back, not to be run. Its
 * program holds real fuses, all in their factory state, so that a packager that forgets one is found out.
 */
export function writeStubElectron(folder: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'), { recursive: true })
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string }
  const factory = '101100111'
  const program = Buffer.concat([Buffer.from(says), Buffer.from(sentinel), Buffer.from([1, factory.length]), Buffer.from(factory), Buffer.alloc(64)])
  writeFileSync(join(folder, 'electron'), program, { mode: 0o755 })
  writeFileSync(join(folder, 'version'), version)
  writeFileSync(join(folder, 'LICENSE'), 'Electron license\n')
  writeFileSync(join(folder, 'LICENSES.chromium.html'), '<title>licenses</title>\n')
  for (const name of ['chrome_100_percent.pak', 'chrome_200_percent.pak', 'resources.pak', 'icudtl.dat', 'snapshot_blob.bin', 'v8_context_snapshot.bin', 'chrome-sandbox', 'chrome_crashpad_handler', 'locales/en-US.pak', 'locales/de.pak']) writeFileSync(join(folder, name), 'stub')
}
