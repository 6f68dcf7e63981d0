import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apt, type Problem } from './debian-install.ts'
import { toolBin, toolFolder } from './tool-folder.ts'

/** A program out of an unpacked package: its command and where it lies below the unpacked root. */
export interface UnpackedProgram { command: string; path: string }

/**
 * For users who may not install packages: fetches Debian packages with everything they need that the machine lacks, unpacks them
 * below the tool folder and writes a starter for each program. Nothing outside of that folder is touched: apt-get is given
 * lists and an archive of its own, and dpkg's data base is only read.
 */
export function unpackDebianPackages(packages: readonly string[], programs: readonly UnpackedProgram[]): Problem {
  const folder = join(toolFolder(), 'debian')
  const lists = join(folder, 'lists')
  const archives = join(folder, 'archives')
  const root = join(folder, 'root')
  for (const path of [join(lists, 'partial'), join(archives, 'partial'), root, toolBin()]) mkdirSync(path, { recursive: true })
  const own = [
    '-q', '-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache::archives=${archives}`, '-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache=',
    '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=', '-o', 'Dir::Log::Terminal=', '-o', 'Dir::Log::History=',
  ]
  const problem = apt([...own, 'update']) ?? apt([...own, '-y', '--no-install-recommends', '--download-only', 'install', ...packages])
  if (problem) return problem
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const run = spawnSync('dpkg-deb', ['-x', join(archives, archive), root], { encoding: 'utf8' })
    if (run.status !== 0) return `${archive} could not be unpacked: ${run.stderr.trim()}`
    rmSync(join(archives, archive))
  }
  const missing = programs.filter(({ path }) => !existsSync(join(root, path)))
  if (missing.length > 0) return `the packages do not hold ${missing.map(({ path }) => path).join(', ')}`
  writeFontsConfig(root)
  for (const program of programs) writeStarter(root, program)
  return null
}

/** The fonts of the unpacked root; the file of the package names only folders of the machine. */
function writeFontsConfig(root: string): void {
  writeFileSync(join(root, 'fonts.conf'), [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">', '<fontconfig>', '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    `<dir>${root}/usr/share/fonts</dir>`, `<cachedir>${root}/font-cache</cachedir>`, '</fontconfig>', '',
  ].join('\n'))
}

function writeStarter(root: string, { command, path }: UnpackedProgram): void {
  const libraries = readdirSync(join(root, 'usr/lib')).filter((name) => name.endsWith('-linux-gnu')).map((name) => join(root, 'usr/lib', name))
  writeFileSync(join(toolBin(), command), [
    '#!/bin/sh', `export LD_LIBRARY_PATH="${libraries.join(':')}"`, `export FONTCONFIG_FILE="${root}/fonts.conf"`, `exec "${join(root, path)}" "$@"`, '',
  ].join('\n'), { mode: 0o755 })
}
