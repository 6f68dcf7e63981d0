import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, Platform, type Configuration } from 'electron-builder'
import { packaging } from './electron-builder.ts'
import { electronExecutable, fetchElectron } from './electron-runtime.ts'
import { buildStale } from './parts/fresh.ts'
import { allParts } from './parts/index.ts'
import { writeStubElectron } from './stub-electron.ts'

/**
 * `npm run dist [-- --dir] [--targets deb,rpm] [--linux] [--output FOLDER]`: the desktop packages of this platform (or of Linux), all of them
 * or those named, into `release/`. `--dir` stops at the unpacked application; on Linux it is made around a stub where Electron's runtime cannot
 * be had, to be looked at, and says so.
 * CUTOFF_ELECTRON_DIST names a folder with Electron's runtime, for machines that cannot fetch it.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
const patienceMs = 15_000
const { values } = parseArgs({ options: { dir: { type: 'boolean' }, targets: { type: 'string' }, linux: { type: 'boolean' }, output: { type: 'string' } } })
const platform = values.linux ? Platform.LINUX : Platform.current()
const scratch = mkdtempSync(join(tmpdir(), 'cutoff-dist-'))
try {
  await buildStale(allParts, say)
  // Time stamps inside packages come from here, so that the same sources give the same packages.
  process.env.SOURCE_DATE_EPOCH ??= '1700000000'
  // Whole packages are for others to run: electron-builder fetches what they need, for each processor, or fails.
  const electronDist = process.env.CUTOFF_ELECTRON_DIST ?? (values.dir && platform === Platform.LINUX ? await someElectron() : null)
  const config: Configuration = {
    ...packaging,
    ...(electronDist ? { electronDist } : {}),
    ...(values.output ? { directories: { ...packaging.directories, output: values.output } } : {}),
  }
  for (const artifact of await build({ targets: platform.createTarget(values.dir ? 'dir' : values.targets?.split(',')), config, publish: 'never' })) say(artifact)
} catch (error) {
  process.stderr.write(`The packages could not be made: ${(error as Error).message}\n`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** The runtime that is there or can be fetched, else a stub of it. */
async function someElectron(): Promise<string> {
  const present = electronExecutable()
  if (present) return dirname(present)
  const fetched = await fetchElectron(patienceMs)
  if (fetched.ok) return dirname(fetched.path)
  process.stderr.write(`Electron's runtime cannot be had here (${fetched.reason}): this application is packed around a stub. It can be looked at, not run.\n`)
  writeStubElectron(scratch)
  return scratch
}
