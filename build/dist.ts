import { parseArgs } from 'node:util'
import { build, Platform, type Configuration } from 'electron-builder'
import { packaging } from './electron-builder.ts'
import { buildStale } from './parts/fresh.ts'
import { allParts } from './parts/index.ts'

/**
 * `npm run dist [-- --dir] [--targets deb,rpm] [--linux] [--output FOLDER]`: the desktop packages of this platform (or of Linux), all of them
 * or those named, into `release/`. `--dir` stops at the unpacked application.
 * CUTOFF_ELECTRON_DIST names a folder with Electron's runtime, for machines that cannot fetch it.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
const { values } = parseArgs({ options: { dir: { type: 'boolean' }, targets: { type: 'string' }, linux: { type: 'boolean' }, output: { type: 'string' } } })
await buildStale(allParts, say)
// Time stamps inside packages come from here, so that the same sources give the same packages.
process.env.SOURCE_DATE_EPOCH ??= '1700000000'
const electronDist = process.env.CUTOFF_ELECTRON_DIST
const config: Configuration = {
  ...packaging,
  ...(electronDist ? { electronDist } : {}),
  ...(values.output ? { directories: { ...packaging.directories, output: values.output } } : {}),
}
try {
  const platform = values.linux ? Platform.LINUX : Platform.current()
  const artifacts = await build({ targets: platform.createTarget(values.dir ? 'dir' : values.targets?.split(',')), config, publish: 'never' })
  for (const artifact of artifacts) say(artifact)
} catch (error) {
  process.stderr.write(`The packages could not be made: ${(error as Error).message}\n`)
  process.exitCode = 1
}
