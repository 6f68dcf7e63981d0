import { build, Platform, type Configuration } from 'electron-builder'
import { packaging } from './electron-builder.ts'
import { buildStale } from './parts/fresh.ts'
import { allParts } from './parts/index.ts'

/**
 * `npm run dist [-- --dir] [--linux] [--output FOLDER]`: the desktop packages of this platform (or of Linux), into `release/`. `--dir` stops at
 * the unpacked application.
 * CUTOFF_ELECTRON_DIST names a folder with Electron's runtime, for machines that cannot fetch it.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
await buildStale(allParts, say)
// Time stamps inside packages come from here, so that the same sources give the same packages.
process.env.SOURCE_DATE_EPOCH ??= '1700000000'
const asDir = process.argv.includes('--dir')
const output = process.argv.includes('--output') ? process.argv[process.argv.indexOf('--output') + 1] : undefined
const electronDist = process.env.CUTOFF_ELECTRON_DIST
const config: Configuration = {
  ...packaging,
  ...(electronDist ? { electronDist } : {}),
  ...(output ? { directories: { ...packaging.directories, output } } : {}),
}
try {
  const artifacts = await build({ targets: (process.argv.includes('--linux') ? Platform.LINUX : Platform.current()).createTarget(asDir ? 'dir' : undefined), config, publish: 'never' })
  for (const artifact of artifacts) say(artifact)
} catch (error) {
  process.stderr.write(`The packages could not be made: ${(error as Error).message}\n`)
  process.exitCode = 1
}
