import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the packager of deb and rpm (fpm) was called with: its options, and the files it was given with the places they are installed at. */
export interface FpmCall { options: string[]; files: Record<string, string> }

/**
 * A stand-in for fpm, which cannot be had everywhere: notes how it was called, keeps the small files (desktop entry, types) that are only there
 * meanwhile, and makes empty packages. Returns its path, and the way to what it noted.
 */
export function writeStubFpm(folder: string): { path: string; call: (kind: 'deb' | 'rpm') => FpmCall } {
  const path = join(folder, 'fpm.cjs')
  writeFileSync(path, `#!${process.execPath}
const { readFileSync, statSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
const files = {}
for (const [, from, to] of args.map((arg) => /^(\\/.*)=(\\/.*)$/.exec(arg)).filter(Boolean)) files[to] = statSync(from).isFile() && /\\.(?:xml|desktop)$/.test(to) ? readFileSync(from, 'utf8') : from
writeFileSync(${JSON.stringify(folder)} + '/' + args[args.indexOf('-t') + 1] + '.json', JSON.stringify({ options: args, files }))
writeFileSync(args[args.indexOf('--package') + 1], '')
`.replaceAll('\\\\', '\\'))
  chmodSync(path, 0o755)
  return { path, call: (kind) => JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8')) as FpmCall }
}
